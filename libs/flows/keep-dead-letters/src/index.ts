export { keepDeadLetter } from './keep-dead-letter.ts';
