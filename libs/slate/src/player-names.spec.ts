import { describe, expect, it } from 'vitest';
import { playerLookup, unglueName } from './player-names.ts';
import { repairEncoding } from './text-repair.ts';

describe('the player lookup key', () => {
  it.each`
    name                              | key
    ${'Luka Dončić'}                  | ${'lukadoncic'}
    ${'Luka DonÄ\u008diÄ\u0087'}      | ${'lukadoncic'}
    ${'Luka DonÄ\u008diÄ‡'}           | ${'lukadoncic'}
    ${'Luka DonÄiÄ'}                  | ${'lukadoncic'}
    ${'Kristaps PorziÅ\u0086Ä£is'}    | ${'kristapsporzingis'}
    ${'Nikola JokiÃ„Â‡'}              | ${'nikolajokic'}
    ${'Egor Dëmin'}                   | ${'egordemin'}
    ${'Alperen Şengün'}               | ${'alperensengun'}
    ${'Jusuf Nurkić'}                 | ${'jusufnurkic'}
    ${'Michael Porter Jr.'}           | ${'michaelporter'}
    ${'Michael Porter, jr'}           | ${'michaelporter'}
    ${'MichaelPorterJr.'}             | ${'michaelporter'}
    ${'Robert Williams III'}          | ${'robertwilliams'}
    ${'Trey Murphy iii'}              | ${'treymurphy'}
    ${'Jimmy Butler III'}             | ${'jimmybutler'}
    ${'Mo Bamba II'}                  | ${'mobamba'}
    ${'Lonnie Walker IV'}             | ${'lonniewalker'}
    ${'N\'Faly Dante'}                | ${'nfalydante'}
    ${'Shai Gilgeous-Alexander'}      | ${'shaigilgeousalexander'}
    ${'P.J. Washington'}              | ${'pjwashington'}
    ${'D. Lively IIDereck Lively II'} | ${'derecklively'}
    ${'S. Pippen Jr.Scotty Pippen Jr.'} | ${'scottypippen'}
    ${'K. SimpsonKJ Simpson'}         | ${'kjsimpson'}
    ${'Andrew Wiggins'}               | ${'andrewwiggins'}
    ${'Jalen Ii'}                     | ${'jalen'}
    ${'Carlton Carrington'}           | ${'bubcarrington'}
    ${'Herb Jones'}                   | ${'herbertjones'}
    ${'Moe Wagner'}                   | ${'moritzwagner'}
    ${'Nicolas Claxton'}              | ${'nicclaxton'}
    ${'Ron Holland'}                  | ${'ronaldholland'}
    ${'Vincent Williams Jr'}          | ${'vincewilliams'}
  `('of $name is $key', ({ name, key }: { name: string; key: string }) => {
    expect(playerLookup(name)).toBe(key);
  });

  it.each(['', '  ', '...', 'Michael Porter + Trey Murphy', 'Luka Don\ufffdi\ufffd'])('of %j is none', (name) => {
    expect(playerLookup(name)).toBeUndefined();
  });

  it('is the same for a key as for the name', () => {
    for (const name of ['Luka Dončić', 'Ron Holland', 'Vince Williams Jr.']) expect(playerLookup(playerLookup(name) ?? '')).toBe(playerLookup(name));
  });

  it('is repaired as often as it was encoded', () => {
    expect(repairEncoding('JokiÄ‡')).toBe('Jokić');
    expect(repairEncoding('JokiÃ„Â‡')).toBe('Jokić');
  });

  it('leaves names alone that are neither glued nor doubly encoded', () => {
    for (const name of ['Tidjane Salaün', 'P.J. Washington', 'K. Simpson', 'Ömer Faruk Yurtseven']) {
      expect(unglueName(name)).toBe(name);
      expect(repairEncoding(name)).toBe(name);
    }
  });
});
