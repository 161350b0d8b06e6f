import { after, epochMs, gameDate, hours } from '@handoff/contracts';
import type { Gap } from '@handoff/ledger';
import { aGap } from '@handoff/testing';
import { expect, it } from 'vitest';
import { ledgerPicture } from './ledger-picture.ts';

const from = epochMs(Date.UTC(2026, 0, 12));
const gap = (over: Partial<Gap>): Gap => aGap({
  gameDate: gameDate('2026-01-12'), status: 'closed', missing: ['a|b'], openedAt: after(from, hours(12)), attempts: [{ at: after(from, hours(13)), repair: 'scrape bdl_player_box_scores', missing: ['a|b'], messages: 1, by: 'self-heal', correlationId: 'spec' }],
  attemptCount: 1, nextActionAt: null, endedAt: after(from, hours(24)), resolution: 'rows seen: 21', ...over,
});
const frame = { from, until: after(from, hours(48)), title: 'A <week>' };

it('has a bar for each gap, from its opening to its end, and a mark for each repair', () => {
  const picture = ledgerPicture([gap({})], frame);
  expect(picture).toContain('A &lt;week&gt;');
  expect(picture).toContain('<rect x="595.0" y="63" width="205.0" height="10" fill="#2e86c1"');
  expect(picture.match(/r="3" fill="black"><title>/g)).toHaveLength(1);
  expect(picture).toContain('2026-01-12 postgame nba_raw.bdl_player_boxscores (1): rows seen: 21');
});

it('shows what is open up to its own end, and the oldest first', () => {
  const picture = ledgerPicture([gap({ subject: 'later', openedAt: after(from, hours(30)), status: 'stopped', endedAt: null }), gap({})], frame);
  expect(picture.indexOf('postgame nba_raw')).toBeLessThan(picture.indexOf('later'));
  expect(picture).toContain('<rect x="902.5" y="83" width="307.5" height="10" fill="#c0392b"');
});

it('is the same for the same ledger, and empty for none', () => {
  expect(ledgerPicture([gap({})], frame)).toBe(ledgerPicture([gap({})], frame));
  expect(ledgerPicture([], frame)).not.toContain('<title>');
});
