export { deadLetterId, deadLetterRef, deadLetters, endWithTheLast, noted, redriveByHand, redriven, sendAgain, type DeadLetterDocument } from './dead-letters.ts';
