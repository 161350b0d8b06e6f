import type { Tree } from '@nx/devkit';

export interface FunctionOptions {
  readonly name: string;
  readonly description?: string;
  readonly schedule?: string;
  readonly due?: string;
  readonly topic?: string;
  readonly flow?: string;
  readonly scope?: 'phase' | 'healing' | 'health';
}

export interface SourceOptions {
  readonly name: string;
  readonly title?: string;
  readonly baseUrl?: string;
  readonly scraper?: string;
  readonly flow?: 'pregame' | 'postgame';
  readonly scope?: 'game' | 'slate';
  readonly need?: 'required' | 'soft';
  readonly unit?: 'date' | 'date-range' | 'season';
  readonly row?: string;
}

export interface ProcessorOptions {
  readonly name: string;
  readonly description?: string;
  readonly phase?: 'phase3' | 'phase4';
  readonly flow?: 'pregame' | 'postgame';
  readonly scope?: 'game' | 'slate';
  readonly need?: 'required' | 'soft';
  readonly recovery?: 'convergent' | 'time-bound';
}

/** Writes the app and the flow; the callback links both into node_modules, as npm would. */
export declare function functionGenerator(tree: Tree, options: FunctionOptions): () => void;

/** Writes the catalogue and the transform; the callback writes schemas/ anew. */
export declare function sourceGenerator(tree: Tree, options: SourceOptions): () => void;

/** Writes the catalogue, the transform and its place in the run; the callback writes schemas/ anew. */
export declare function processorGenerator(tree: Tree, options: ProcessorOptions): () => void;
