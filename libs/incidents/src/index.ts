export { attach, quietAt, quieted, resolve, type Attached } from './attach.ts';
export { explanationOf } from './explain.ts';
export { archiveId, incidentId, isOpen, signatureOf, type Incident, type NoticeKind, type Raised, type Untold } from './incident.ts';
export { merge } from './merge.ts';
export { noticeOf, type Notice } from './notice.ts';
export { ageText, courseLines, factLines, titleText, type NoticeLine } from './notice-text.ts';
export { aged, nextAgeAt, noticeDue, sending, told, withNotice } from './notices.ts';
export { channelsFor, standInFor } from './route.ts';
export { familyOf } from './subject-family.ts';
