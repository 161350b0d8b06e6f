// Bytes 0x80 to 0x9f of Windows-1252; the gaps are bytes that it leaves undefined and that survive as control characters.
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function byteOf(character: string): number | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return code;
  const index = windows1252.indexOf(character);
  return index < 0 ? undefined : 0x80 + index;
}

function decodeOnce(run: string): string {
  const bytes = Array.from(run, byteOf);
  if (bytes.some((byte) => byte === undefined)) return run;
  // The decoder replaces what is not UTF-8: such a run was no double encoding.
  const decoded = new TextDecoder('utf-8').decode(Uint8Array.from(bytes.map(Number)));
  return decoded.includes('\ufffd') ? run : decoded;
}

function repairRun(run: string): string {
  const once = decodeOnce(run);
  return once === run ? run : repairRun(once);
}

/**
 * Undoes UTF-8 that was read as Latin-1 or Windows-1252, once or more often (`DonÄ\u008diÄ\u0087`, `JokiÄ‡`).
 * Where the second byte was lost (`DonÄiÄ`), a capital Ä after a small letter stands for c, which it was in
 * every such name of this league.
 */
export function repairEncoding(text: string): string {
  const repaired = text.replaceAll(/[\u0080-\uffff]+/g, repairRun);
  return repaired.replaceAll(/(?<=\p{Ll})Ä/gu, 'c');
}
