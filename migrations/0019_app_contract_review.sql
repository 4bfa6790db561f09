-- The yearly review of the contract with the fund and the agency: what was shown to them, what they asked, what was agreed and signed;
-- and the rules of payment that the signed contract confirms.

create table app.contract_review (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  year smallint not null check (year between 1 and 50),
  at timestamptz not null,
  by_label text not null,
  opened_at timestamptz,
  opened_label text,
  minutes_no smallint not null default 0 check (minutes_no >= 0),
  signed_at timestamptz,
  proof_id uuid,
  closed_at timestamptz,
  closed_label text,
  primary key (cpts_id, id),
  check ((opened_at is null) = (opened_label is null)),
  check (minutes_no = 0 or opened_at is not null),
  check (signed_at is null or minutes_no > 0),
  check ((closed_at is null) = (closed_label is null) and (closed_at is null or signed_at is not null))
);
comment on table app.contract_review is 'The yearly review (dialogue de gestion) of one contract year: prepared, opened to the funders, minutes written, signed by the three parties, closed.';
comment on column app.contract_review.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_review.id is 'Identifier (UUIDv7).';
comment on column app.contract_review.year is 'Contract year, from 1.';
comment on column app.contract_review.at is 'When it was prepared, UTC.';
comment on column app.contract_review.by_label is 'Who prepared it, as shown then.';
comment on column app.contract_review.opened_at is 'When its figures were frozen and shown to the funders, UTC; null before.';
comment on column app.contract_review.opened_label is 'Who opened it, as shown then.';
comment on column app.contract_review.minutes_no is 'Number of the minutes that hold; 0 when none is written. Whoever signs says which number.';
comment on column app.contract_review.signed_at is 'When the third party signed, UTC: from then on the minutes no longer change.';
comment on column app.contract_review.proof_id is 'The minutes as a proof, in the book « proofs ».';
comment on column app.contract_review.closed_at is 'When the coordination closed it, UTC.';
comment on column app.contract_review.closed_label is 'Who closed it, as shown then.';
-- Two reviews of one year: the index refuses, whoever was faster.
create unique index contract_review_year on app.contract_review (cpts_id, year);
call platform.tenant_table('contract_review', 'select, insert, update');

create table app.contract_review_meeting (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  review_id uuid not null,
  day date not null,
  community_id uuid not null,
  fund_id uuid not null,
  agency_id uuid not null,
  others text check (length(others) between 1 and 1000),
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, id),
  foreign key (cpts_id, review_id) references app.contract_review (cpts_id, id),
  foreign key (cpts_id, community_id) references app.membership (cpts_id, id),
  foreign key (cpts_id, fund_id) references app.membership (cpts_id, id),
  foreign key (cpts_id, agency_id) references app.membership (cpts_id, id),
  check (community_id <> fund_id and community_id <> agency_id and fund_id <> agency_id)
);
comment on table app.contract_review_meeting is 'Day and participants of a review. The last row of a review holds, the others stay.';
comment on column app.contract_review_meeting.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_review_meeting.id is 'Identifier (UUIDv7).';
comment on column app.contract_review_meeting.review_id is 'The review.';
comment on column app.contract_review_meeting.day is 'Day of the meeting.';
comment on column app.contract_review_meeting.community_id is 'Who signs for the community.';
comment on column app.contract_review_meeting.fund_id is 'Who signs for the fund (CPAM).';
comment on column app.contract_review_meeting.agency_id is 'Who signs for the agency (ARS).';
comment on column app.contract_review_meeting.others is 'Who else takes part, one a line: name, function.';
comment on column app.contract_review_meeting.at is 'When it was written, UTC.';
comment on column app.contract_review_meeting.by_label is 'Who wrote it, as shown then.';
create index on app.contract_review_meeting (cpts_id, review_id, at desc);
call platform.tenant_table('contract_review_meeting', 'select, insert');

create table app.contract_review_snapshot (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  review_id uuid not null,
  payload text not null,
  sha256 text not null check (sha256 = encode(sha256(convert_to(payload, 'UTF8')), 'hex')),
  at timestamptz not null,
  primary key (cpts_id, review_id),
  foreign key (cpts_id, review_id) references app.contract_review (cpts_id, id)
);
comment on table app.contract_review_snapshot is 'Figures of a year as they were shown to the funders on the day the review was opened; never changed. Small numbers of people are not in it.';
comment on column app.contract_review_snapshot.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_review_snapshot.review_id is 'The review.';
comment on column app.contract_review_snapshot.payload is 'The figures, as JSON text (areas/contract/rules/frozen.ts).';
comment on column app.contract_review_snapshot.sha256 is 'SHA-256 of the payload; the database refuses a row where they disagree.';
comment on column app.contract_review_snapshot.at is 'When they were frozen, UTC.';
call platform.tenant_table('contract_review_snapshot', 'select, insert');

create table app.contract_review_comment (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  review_id uuid not null,
  code text not null check (code ~ '^[a-z0-9-]{1,40}$'),
  asks boolean not null,
  words text not null check (length(words) between 3 and 1000),
  due_on date,
  author_id uuid not null,
  at timestamptz not null,
  by_label text not null,
  late_told_at timestamptz,
  primary key (cpts_id, id),
  foreign key (cpts_id, review_id) references app.contract_review (cpts_id, id),
  foreign key (cpts_id, author_id) references app.membership (cpts_id, id),
  check (asks = (due_on is not null))
);
comment on table app.contract_review_comment is 'What a delegate of the fund or the agency wrote of an indicator; one that asks has a day by which the coordination answers.';
comment on column app.contract_review_comment.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_review_comment.id is 'Identifier (UUIDv7).';
comment on column app.contract_review_comment.review_id is 'The review.';
comment on column app.contract_review_comment.code is 'Which indicator.';
comment on column app.contract_review_comment.asks is 'Whether it asks for an answer.';
comment on column app.contract_review_comment.words is 'What was written.';
comment on column app.contract_review_comment.due_on is 'Last day to answer, in working days from the day it was written; null when nothing is asked.';
comment on column app.contract_review_comment.author_id is 'The delegate.';
comment on column app.contract_review_comment.at is 'When, UTC.';
comment on column app.contract_review_comment.by_label is 'Who, as shown then.';
comment on column app.contract_review_comment.late_told_at is 'When the coordination was written to because the day had passed, UTC; once.';
create index on app.contract_review_comment (cpts_id, review_id, code);
call platform.tenant_table('contract_review_comment', 'select, insert, update');

create table app.contract_review_answer (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  comment_id uuid not null,
  words text not null check (length(words) between 3 and 1000),
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, id),
  foreign key (cpts_id, comment_id) references app.contract_review_comment (cpts_id, id)
);
comment on table app.contract_review_answer is 'An answer of the coordination to a comment; the first stops the clock.';
comment on column app.contract_review_answer.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_review_answer.id is 'Identifier (UUIDv7).';
comment on column app.contract_review_answer.comment_id is 'The comment.';
comment on column app.contract_review_answer.words is 'What was answered.';
comment on column app.contract_review_answer.at is 'When, UTC.';
comment on column app.contract_review_answer.by_label is 'Who, as shown then.';
create index on app.contract_review_answer (cpts_id, comment_id);
call platform.tenant_table('contract_review_answer', 'select, insert');

create table app.contract_review_minutes (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  review_id uuid not null,
  no smallint not null check (no > 0),
  payload jsonb not null,
  words text not null,
  sha256 text not null check (sha256 = encode(sha256(convert_to(words, 'UTF8')), 'hex')),
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, review_id, no),
  foreign key (cpts_id, review_id) references app.contract_review (cpts_id, id)
);
comment on table app.contract_review_minutes is 'Minutes of a review, one row a version; never changed. The number in contract_review holds.';
comment on column app.contract_review_minutes.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_review_minutes.review_id is 'The review.';
comment on column app.contract_review_minutes.no is 'Version, from 1.';
comment on column app.contract_review_minutes.payload is 'What was agreed, as data: amounts with their reasons, targets and weights of the next year, commitments.';
comment on column app.contract_review_minutes.words is 'The same as a text, byte for byte what is signed.';
comment on column app.contract_review_minutes.sha256 is 'SHA-256 of the text; the database refuses a row where they disagree.';
comment on column app.contract_review_minutes.at is 'When it was written, UTC.';
comment on column app.contract_review_minutes.by_label is 'Who wrote it, as shown then.';
call platform.tenant_table('contract_review_minutes', 'select, insert');

create table app.contract_review_signature (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  review_id uuid not null,
  no smallint not null,
  party text not null check (party in ('community', 'fund', 'agency')),
  membership_id uuid not null,
  sha256 text not null,
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, review_id, no, party),
  foreign key (cpts_id, review_id, no) references app.contract_review_minutes (cpts_id, review_id, no),
  foreign key (cpts_id, membership_id) references app.membership (cpts_id, id)
);
comment on table app.contract_review_signature is 'Who signed which version of the minutes, for which party.';
comment on column app.contract_review_signature.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_review_signature.review_id is 'The review.';
comment on column app.contract_review_signature.no is 'Version that was signed.';
comment on column app.contract_review_signature.party is 'community, fund (CPAM) or agency (ARS).';
comment on column app.contract_review_signature.membership_id is 'Who signed.';
comment on column app.contract_review_signature.sha256 is 'SHA-256 of the text that was signed.';
comment on column app.contract_review_signature.at is 'When, UTC.';
comment on column app.contract_review_signature.by_label is 'Who, as shown then.';
call platform.tenant_table('contract_review_signature', 'select, insert');

create table app.contract_answer_delay (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  days smallint not null check (days between 1 and 90),
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, id)
);
comment on table app.contract_answer_delay is 'Working days the coordination gives itself to answer the funders; the last row holds, 15 when there is none.';
comment on column app.contract_answer_delay.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_answer_delay.id is 'Identifier (UUIDv7).';
comment on column app.contract_answer_delay.days is 'Working days.';
comment on column app.contract_answer_delay.at is 'When it was decided, UTC.';
comment on column app.contract_answer_delay.by_label is 'Who decided it, as shown then.';
call platform.tenant_table('contract_answer_delay', 'select, insert');

create table app.contract_confirmation (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  rule text not null check (rule ~ '^[a-z-]{1,40}$'),
  article text not null check (length(article) between 1 and 120),
  file_id uuid not null,
  at timestamptz not null,
  by_label text not null,
  withdrawn_at timestamptz,
  withdrawn_label text,
  withdrawn_reason text check (length(withdrawn_reason) between 3 and 300),
  primary key (cpts_id, id),
  foreign key (cpts_id, file_id) references app.stored_file (cpts_id, id),
  check ((withdrawn_at is null) = (withdrawn_label is null) and (withdrawn_at is null) = (withdrawn_reason is null))
);
comment on table app.contract_confirmation is 'A rule of payment that somebody found written in the signed contract; a mistake is withdrawn with a reason, never erased.';
comment on column app.contract_confirmation.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_confirmation.id is 'Identifier (UUIDv7).';
comment on column app.contract_confirmation.rule is 'Which rule (domain/contract/rules.ts).';
comment on column app.contract_confirmation.article is 'Where the contract says it.';
comment on column app.contract_confirmation.file_id is 'The signed paper.';
comment on column app.contract_confirmation.at is 'When it was confirmed, UTC.';
comment on column app.contract_confirmation.by_label is 'Who confirmed it, as shown then.';
comment on column app.contract_confirmation.withdrawn_at is 'When it was taken back as a mistake, UTC; null while it holds.';
comment on column app.contract_confirmation.withdrawn_label is 'Who took it back, as shown then.';
comment on column app.contract_confirmation.withdrawn_reason is 'Why.';
create unique index contract_confirmation_held on app.contract_confirmation (cpts_id, rule) where withdrawn_at is null;
call platform.tenant_table('contract_confirmation', 'select, insert, update');
