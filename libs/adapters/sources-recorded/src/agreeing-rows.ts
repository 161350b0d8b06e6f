import { PipelineError } from '@handoff/contracts';

/** Collects rows of several files by id; a second row of one id must say the same as the first. */
export class AgreeingRows<Row extends object> {
  readonly #rows = new Map<string, { readonly row: Row; readonly file: string }>();

  /** @throws PipelineError `recording-duplicate-disagrees` (reject) naming id, both files and the columns. */
  add(id: string, row: Row, file: string): void {
    const known = this.#rows.get(id);
    if (known === undefined) {
      this.#rows.set(id, { row, file });
      return;
    }
    const columns = differingFields(known.row, row);
    if (columns.length === 0) return;
    throw new PipelineError({
      code: 'recording-duplicate-disagrees',
      disposition: 'reject',
      message: `${id} differs between ${known.file} and ${file} in ${columns.join(', ')}; keep one of the two`,
      facts: { id, files: [known.file, file], columns },
    });
  }

  values(): Row[] {
    return Array.from(this.#rows.values(), ({ row }) => row);
  }
}

/** The names of the fields, nested ones by their own name, in which two rows differ. */
function differingFields(one: object, other: object): string[] {
  const fields = new Map(Object.entries(other));
  return Object.entries(one).flatMap(([name, value]: [string, unknown]) => {
    const counterpart: unknown = fields.get(name);
    if (typeof value === 'object' && value !== null && typeof counterpart === 'object' && counterpart !== null) return differingFields(value, counterpart);
    return value === counterpart ? [] : [name];
  });
}
