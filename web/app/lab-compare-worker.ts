/** Entry point of the threads that compare modules. */
import { serveComparison } from '../lab/compare/serve-comparison.ts';

serveComparison();
