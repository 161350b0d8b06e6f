export { deadLetterId, deadLetterRef, deadLetters, redriveByHand, redriven, sendAgain, type DeadLetterDocument } from './dead-letters.ts';
