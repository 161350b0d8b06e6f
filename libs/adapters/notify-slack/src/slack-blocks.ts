import { courseLines, factLines, titleText, type NoticeLine } from '@handoff/incidents';
import type { Notice } from '@handoff/ports';

type Text = { readonly type: 'mrkdwn' | 'plain_text'; readonly text: string };
type Block = { readonly type: 'header' | 'section'; readonly text: Text } | { readonly type: 'context'; readonly elements: readonly Text[] };

/** What an incoming webhook takes: blocks, and a text for where they are not shown. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Slack's limits (its reference of Block Kit, 2026): a message that is over one of them is refused whole. */
const limits = { blocks: 50, headerCharacters: 150, sectionCharacters: 3_000 } as const;
/** Facts are the part that may be long: so many sections of them leave room for everything else. */
const factSectionsMax = 10;

/** Slack reads these three as markup. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cut at a length, with a sign of it; never in the middle of a character or of an escape. */
function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax - 2).replace(/[\uD800-\uDBFF]$/, '').replace(/&[a-z]{0,4}$/, '')} …`;
}

const section = (text: string): Block => ({ type: 'section', text: { type: 'mrkdwn', text: cut(text, limits.sectionCharacters) } });
const lineText = ({ name, text }: NoticeLine): string => `*${escaped(name)}:* ${escaped(text)}`;

/** A notice as Slack shows it: what is wrong, what it means, what is known, what to run, where it is explained. */
export function blocksOf(notice: Notice, runbookBase: string): SlackMessage {
  const title = titleText(notice);
  const { kind, meaning, subject, command, runbook, cause, incidentId } = notice;
  const blocks: readonly Block[] = [
    { type: 'header', text: { type: 'plain_text', text: cut(title, limits.headerCharacters) } },
    section(`${escaped(meaning)}\n*about:* ${escaped(subject)}`),
    // Slack refuses an empty section.
    ...(kind === 'bulletin' ? [] : [section(courseLines(notice).map(lineText).join('\n'))]),
    ...factSections(factLines(notice)),
    ...(command === undefined ? [] : [section(`*run:* \`${escaped(command)}\``)]),
    section(`<${runbookBase}${runbook}|${kind === 'bulletin' ? 'what it shows' : `runbook of ${cause}`}>`),
    { type: 'context', elements: [{ type: 'mrkdwn', text: kind === 'bulletin' ? incidentId : `incident ${incidentId}` }] },
  ];
  return { text: cut(escaped(title), limits.sectionCharacters), blocks: blocks.slice(0, limits.blocks) };
}

/** Facts in as few sections as hold them; of very many the last are left out, and that is said. */
function factSections(lines: readonly NoticeLine[]): readonly Block[] {
  const sections: string[] = [];
  for (const line of lines) {
    const text = cut(lineText(line), limits.sectionCharacters);
    const last = sections.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= limits.sectionCharacters) sections[sections.length - 1] = `${last}\n${text}`;
    else sections.push(text);
  }
  const shown = sections.slice(0, factSectionsMax).map(section);
  return sections.length <= factSectionsMax ? shown : [...shown, section('there are more facts: see the log')];
}
