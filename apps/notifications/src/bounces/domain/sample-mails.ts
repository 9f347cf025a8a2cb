const lines = (...parts: string[]): string => parts.join('\r\n');
const original = (recipient: string, messageId: string): string[] => ['Return-Path: <news@bounces.slotmesh.example>', 'From: "Harbor Family Medicine" <desk@harbor.example>', `To: ${recipient}`, 'Subject: Reminder: your visit', `Message-ID: ${messageId}`, 'MIME-Version: 1.0', 'Content-Type: text/plain', '', 'Hello'];

/** As a Postfix writes it (RFC 3464). */
export const notification = (of: { readonly to: string; readonly recipient: string; readonly status: string; readonly action?: string }): string => lines(
  'Return-Path: <>', 'Received: from mx.patients.example (mx.patients.example [192.0.2.7])', '\tby relay.slotmesh.example (Postfix) with ESMTPS id 4Xy', 'From: MAILER-DAEMON@mx.patients.example (Mail Delivery System)', `To: ${of.to}`,
  'Subject: Undelivered Mail Returned to Sender', 'Auto-Submitted: auto-replied', 'MIME-Version: 1.0', 'Content-Type: multipart/report; report-type=delivery-status;', '\tboundary="4Xy.1700000000/mx.patients.example"', '',
  'This is a MIME-encapsulated message.', '', '--4Xy.1700000000/mx.patients.example', 'Content-Description: Notification', 'Content-Type: text/plain; charset=us-ascii', '', `<${of.recipient}>: host said: ${of.status.replaceAll('.', '')}`, '',
  '--4Xy.1700000000/mx.patients.example', 'Content-Description: Delivery report', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.patients.example', 'Arrival-Date: Sat, 28 Nov 2026 10:00:00 -0500 (EST)', '',
  `Final-Recipient: rfc822; ${of.recipient}`, `Action: ${of.action ?? 'failed'}`, `Status: ${of.status}`, 'Remote-MTA: dns; mailbox.patients.example', 'Diagnostic-Code: smtp; 550 see Status', '',
  '--4Xy.1700000000/mx.patients.example', 'Content-Description: Undelivered Message', 'Content-Type: message/rfc822', '', ...original(of.recipient, '<somebody@else.example>'), '', '--4Xy.1700000000/mx.patients.example--', '');

/** As a mailbox provider's feedback loop sends it (RFC 5965). */
export const complaint = (of: { readonly to: string; readonly recipient: string; readonly messageId: string; readonly type?: string }): string => lines(
  'From: feedback@mailbox.example', `To: ${of.to}`, 'Subject: FW: Reminder: your visit', 'MIME-Version: 1.0', 'Content-Type: multipart/report; report-type=feedback-report; boundary="part1"', '', '--part1', 'Content-Type: text/plain; charset="US-ASCII"', '', 'This is an abuse report.', '',
  '--part1', 'Content-Type: message/feedback-report', '', `Feedback-Type: ${of.type ?? 'abuse'}`, 'User-Agent: Mailbox-FBL/1.0', 'Version: 1', 'Source-IP: 192.0.2.25', '', '--part1', 'Content-Type: message/rfc822', 'Content-Disposition: inline', '', ...original(of.recipient, of.messageId), '', '--part1--', '');

export const outOfOffice = (of: { readonly to: string }): string => lines('From: ana@patients.example', `To: ${of.to}`, 'Subject: Out of office 5.1.1', 'Auto-Submitted: auto-replied', 'Content-Type: text/plain', '', 'I am away. Status: 5.1.1 Action: failed', '');
