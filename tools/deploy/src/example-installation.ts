import example from '../example-installation.json' with { type: 'json' };
import { Installation } from './installation.ts';

/** The installation that the documents describe. */
export const exampleInstallation: Installation = Installation.parse(example);
