import { PlayerLookup } from '@handoff/contracts';
import { repairEncoding } from './text-repair.ts';

// What a source calls a player, by key, and the key of the league's own name for him.
const aliases: Readonly<Record<string, string>> = {
  carltoncarrington: 'bubcarrington',
  herbjones: 'herbertjones',
  moewagner: 'moritzwagner',
  nicolasclaxton: 'nicclaxton',
  ronholland: 'ronaldholland',
  vincentwilliams: 'vincewilliams',
  // Further ones that the recorded line and injury sources write.
  davidjones: 'davidjonesgarcia',
  dennisschroeder: 'dennisschroder',
  sviatoslavmykhailiuk: 'svimykhailiuk',
  tristansilva: 'tristandasilva',
};

// Letters that Unicode does not decompose into a base letter and an accent.
const letters: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' };

const gluedSuffix = /(?<=\p{Ll})(?:Jr|Sr|II|III|IV)\.?$/u;
const spacedSuffix = /[\s,]+(?:jr|sr|ii|iii|iv)\.?$/i;
// `D. Lively IIDereck Lively II`: a short form and the full name, glued by a page that shows one of the two.
const gluedShortForm = /^(?<initial>\p{L})\.\s*(?<family>.+?)(?<full>\k<initial>.*\s\k<family>)$/u;

/** The full name out of a short form glued to it: `K. SimpsonKJ Simpson` is `KJ Simpson`. Any other name is unchanged. */
export const unglueName = (name: string): string => gluedShortForm.exec(name.trim())?.groups?.['full'] ?? name.trim();

/** True for a bet on several players together, `Michael Porter + Trey Murphy`: not a player. */
export const isComboName = (name: string): boolean => name.includes('+') || name.includes(' / ');

/**
 * The key under which a player is known everywhere: lower-case letters and digits of the league's name for
 * him, without accents, punctuation and suffix. Repairs double encoding and glued names, and knows the
 * players whom sources call by another first name. Undefined when nothing is left of the name, for one whose
 * letters were lost on the way, and for a combination of players.
 */
export function playerLookup(name: string): PlayerLookup | undefined {
  // U+FFFD stands for bytes that were no text: the letters around it would name somebody else.
  if (isComboName(name) || name.includes('\ufffd')) return undefined;
  const repaired = unglueName(repairEncoding(name));
  const bare = repaired.replace(spacedSuffix, '').replace(gluedSuffix, '');
  const key = bare
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[øłđðþßæœı]/g, (letter) => letters[letter] ?? '')
    .replaceAll(/[^a-z0-9]/g, '');
  const parsed = PlayerLookup.safeParse(aliases[key] ?? key);
  return parsed.success ? parsed.data : undefined;
}
