export { deadLetterId, deadLetterRef, deadLetters, endWithTheLast, isTold, redriveByHand, redriven, sendAgain, type DeadLetterDocument } from './dead-letters.ts';
