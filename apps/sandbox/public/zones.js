import { byId, element } from './elements.js';

const BY_AREA_CODE = {
  'America/New_York': '201 202 203 207 212 215 216 234 239 240 248 267 301 302 304 305 315 321 330 336 339 347 351 386 401 404 407 410 412 413 419 440 443 470 475 484 508 513 516 518 551 561 570 571 585 603 607 609 610 614 617 631 646 678 703 704 716 717 718 724 727 732 740 754 757 772 774 781 786 802 803 804 813 814 828 843 845 848 856 857 860 862 863 864 904 908 910 914 917 919 929 937 941 954 973 978 980',
  'America/Chicago': '205 210 214 217 224 225 251 254 262 281 309 312 314 316 318 319 320 331 334 337 361 402 405 409 414 417 430 432 469 479 501 504 507 512 515 563 573 580 601 608 612 618 630 636 651 708 713 715 763 773 779 815 816 817 830 832 847 870 872 901 903 913 918 920 936 940 952 956 972 979 985',
  'America/Denver': '303 307 385 406 435 505 575 719 720 801 970 983',
  'America/Phoenix': '480 520 602 623 928',
  'America/Los_Angeles': '206 209 213 253 310 323 360 408 415 424 425 503 509 510 530 541 559 562 619 626 650 657 661 669 702 707 714 725 747 760 775 805 818 831 858 909 916 925 949 951 971',
};
const zoneByCode = new Map(Object.entries(BY_AREA_CODE).flatMap(([zone, codes]) => codes.split(' ').map((code) => [code, zone])));
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const PHONES_OWN = 'phone';

/** The zone that a number's area code belongs to, or null. */
const zoneOfNumber = (number) => zoneByCode.get(/^\+1(\d{3})/.exec(number ?? '')?.[1]) ?? null;

export function fillZones(onChange) {
  const choices = [[PHONES_OWN, "each phone's own zone"], ...[...Object.keys(BY_AREA_CODE), 'UTC', own].filter((zone, index, all) => all.indexOf(zone) === index).map((zone) => [zone, zone.replace('_', ' ')])];
  byId('zone').replaceChildren(...choices.map(([value, label]) => element('option', { value }, label)));
  byId('zone').value = localStorage.getItem('sandbox-zone') ?? PHONES_OWN;
  if (!byId('zone').value) byId('zone').value = PHONES_OWN;
  byId('zone').addEventListener('change', () => {
    localStorage.setItem('sandbox-zone', byId('zone').value);
    onChange();
  });
}

/** The zone in which to show times, for a phone or in general. */
export function zoneFor(number) {
  const chosen = byId('zone').value;
  return chosen === PHONES_OWN || chosen === '' ? (zoneOfNumber(number) ?? 'America/New_York') : chosen;
}

/** A wall time with its zone named, such as "Mon, Nov 23, 2026, 1:00 PM EST (America/New_York)". */
export function wallTime(instant, zone, seconds = false) {
  const text = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', ...(seconds && { second: '2-digit' }), timeZoneName: 'short' }).format(new Date(instant));
  return zone === 'UTC' ? text : `${text} (${zone.replace('_', ' ')})`;
}
