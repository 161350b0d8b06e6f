export { promoteWaiting, releaseWaiting, resourceOf, waitForResource, type HeldUp, type Promoted } from './waiting-work.ts';
