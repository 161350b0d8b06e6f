import { expect, it } from 'vitest';
import { withSection } from './page.ts';

const page = '# Page\n\nIntroduction.\n\n## One\n\nold\n\n## Two\n\nkept\n';

it('a section takes the place of the one under its heading, and the others stay', () => {
  expect(withSection(page, '## One\n\nnew\n')).toBe('# Page\n\nIntroduction.\n\n## One\n\nnew\n\n## Two\n\nkept\n');
});

it('a section that is new comes last', () => {
  expect(withSection(page, '## Three\n\nnew')).toBe(`${page}\n## Three\n\nnew\n`);
});
