/**
 * Games that one prediction request asks for: half of a full night. One request per game reads the same
 * season eight times over; one per slate leaves nothing to share between workers.
 */
export const gamesPerPredictionRequest = 8;
