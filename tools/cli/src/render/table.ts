import Table from 'cli-table3';
import pc from 'picocolors';

const plain = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' };

/** A table without rules: aligned columns, a head in bold where there is colour. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], alignRight: readonly number[] = []): string {
  const drawn = new Table({
    chars: plain,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    head: head.map((title) => pc.bold(title)),
    colAligns: head.map((_, index) => (alignRight.includes(index) ? 'right' : 'left')),
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}
