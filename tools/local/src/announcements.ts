/**
 * When each of the season's eleven moves was known. No source of ours says so: every time is assumed, and
 * those that follow from one another are set at one moment, so that no team ever has two games on a date.
 */
export const announcements = {
  note: 'No source states when a move was announced. Every time below is assumed, for the reason given.',
  announcements: [
    { gameId: '0022501202', announcedAt: '2025-11-29T17:00:00Z', assumed: true, note: 'NBA Cup quarter-final: dates set when the group stage had ended' },
    { gameId: '0022501203', announcedAt: '2025-11-29T17:00:00Z', assumed: true, note: 'NBA Cup quarter-final: dates set when the group stage had ended' },
    { gameId: '0022500369', announcedAt: '2025-12-11T17:00:00Z', assumed: true, note: 'moved a day when its home team had reached the NBA Cup semi-final' },
    { gameId: '0022500370', announcedAt: '2025-12-11T17:00:00Z', assumed: true, note: 'moved a day when its home team had reached the NBA Cup semi-final' },
    { gameId: '0022500529', announcedAt: '2026-01-08T22:00:00Z', assumed: true, note: 'postponed on the day: three hours before the planned tip-off' },
    { gameId: '0022500692', announcedAt: '2026-01-12T17:00:00Z', assumed: true, note: 'moved a day because of 0022500529: some days after that one' },
    { gameId: '0022500644', announcedAt: '2026-01-24T19:30:00Z', assumed: true, note: 'postponed on the day: three hours before the planned tip-off' },
    { gameId: '0022500651', announcedAt: '2026-01-25T17:30:00Z', assumed: true, note: 'postponed on the day: three hours before the planned tip-off' },
    { gameId: '0022501003', announcedAt: '2026-01-25T17:30:00Z', assumed: true, note: 'made way for 0022500651: known with it' },
    { gameId: '0022501111', announcedAt: '2026-01-25T17:30:00Z', assumed: true, note: 'made way for 0022501003: known with it' },
    { gameId: '0022500652', announcedAt: '2026-01-25T21:00:00Z', assumed: true, note: 'postponed on the day: three hours before the planned tip-off' },
  ],
} as const;
