import type { EpochMs } from '@handoff/contracts';
import { gameDateOf, isComboName, playerLookup } from '@handoff/slate';
import { z } from 'zod';
import { linePoints, optionalText, zonedInstant } from './fields.ts';
import { Findings } from './findings.ts';
import { KnownGames } from './known-games.ts';
import type { ParsedPayload, PayloadTransform, TransformContext } from './payload.ts';
import { pointsLineContent, type PointsLineContent } from './points-line.ts';
import { rawRows } from './raw-rows.ts';
import { readPayload } from './read-payload.ts';

const Prop = z.object({
  player: z.string(),
  stat: z.string(),
  line: linePoints,
  oddsType: optionalText,
  startTimeIso: z.union([z.literal('').transform(() => undefined), z.undefined(), z.null().transform(() => undefined), zonedInstant]),
  teamCode: optionalText,
  opponentCode: optionalText,
  gameId: z.union([z.string(), z.int()]).nullish().transform((id) => String(id ?? '')),
});
type Prop = z.infer<typeof Prop>;

const Board = z.object({ scrapedAt: zonedInstant, props: z.array(Prop) });

/** Why a prop is no points line of one player at standard odds; undefined when it is one. */
function reasonToIgnore(prop: Prop): string | undefined {
  if (prop.stat !== 'Points') return 'other-market';
  if (isComboName(prop.player)) return 'combination';
  return prop.oddsType === 'standard' ? undefined : 'other-odds-type';
}

interface BoardContext {
  readonly games: KnownGames;
  readonly findings: Findings;
  readonly snapshotAt: EpochMs;
}

function contentOf(prop: Prop, { games, findings, snapshotAt }: BoardContext): PointsLineContent | undefined {
  const reason = reasonToIgnore(prop);
  if (reason !== undefined) {
    findings.ignored(reason);
    return undefined;
  }
  const player = playerLookup(prop.player);
  if (player === undefined) {
    findings.unresolved('player', prop.player, 'unreadable-name');
    return undefined;
  }
  if (prop.startTimeIso === undefined) {
    findings.unresolved('game', `without a start (${prop.teamCode}-${prop.opponentCode})`, 'unknown-game');
    return undefined;
  }
  const game = games.byTeams(gameDateOf(prop.startTimeIso), prop.teamCode, prop.opponentCode);
  if (game === undefined) return undefined;
  findings.speaksOf(game, player);
  return pointsLineContent({
    game, eventId: prop.gameId === '' ? game.officialId : prop.gameId, bookmaker: 'prizepicks', player, playerName: prop.player,
    points: prop.line, overPrice: null, underPrice: null, snapshotAt,
  });
}

function parse(text: string, context: TransformContext): ParsedPayload {
  const findings = new Findings();
  const board = readPayload(Board, text, { scraper: 'prizepicks_lines', path: context.path });
  const boardContext = { games: new KnownGames(context.games, findings), findings, snapshotAt: board.scrapedAt };
  const contents = board.props.map((prop) => contentOf(prop, boardContext)).filter((content) => content !== undefined);
  return findings.with(rawRows('prizepicks_lines', contents, context, findings));
}

/** PrizePicks' board: points at standard odds, no prices. It does not say who is at home. */
export const prizePicksBoard: PayloadTransform = { scraper: 'prizepicks_lines', parse };
