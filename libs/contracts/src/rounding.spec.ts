import { expect, it } from 'vitest';
import { roundTo } from './rounding.ts';

it.each`
  value     | decimals | rounded
  ${1.005}  | ${2}     | ${1.01}
  ${-1.005} | ${2}     | ${-1.01}
  ${2.45}   | ${1}     | ${2.5}
  ${-0.04}  | ${1}     | ${0}
  ${20}     | ${3}     | ${20}
`('$value to $decimals decimals is $rounded', ({ value, decimals, rounded }: Record<string, number>) => {
  expect(roundTo(value!, decimals!)).toBe(rounded);
});
