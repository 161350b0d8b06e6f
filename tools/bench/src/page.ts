/** The page with one section in place of the one under the same heading, or at its end where there is none. */
export function withSection(page: string, section: string): string {
  const [heading = ''] = section.split('\n');
  const sections = page.trimEnd().split(/\n(?=## )/);
  const at = sections.findIndex((known) => known.split('\n')[0] === heading);
  const others = at === -1 ? [...sections, section] : sections.with(at, section);
  return `${others.map((known) => known.trimEnd()).join('\n\n')}\n`;
}
