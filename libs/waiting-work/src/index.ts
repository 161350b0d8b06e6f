export { promoteWaiting, releaseWaiting, resourceOf, waitForResource, type HeldUp } from './waiting-work.ts';
