/** What each column says of whom. A column that is not here fails the test: whoever adds one decides. */

export const classes = {
  public: 'published, or fit to be: national directory, communes, public telephone numbers',
  organisation: 'how a community works: identifiers, states, dates, counts; says nothing of a patient by itself',
  personal: 'about a person: who somebody is, how to reach them, what they did',
  'health-flag': 'about somebody’s health or care: yes/no facts and what can be worked out from them; never a diagnosis',
  secret: 'opens something, or is a trace of what does: hashes of tokens, leases, texts that hold a link',
} as const
export type PrivacyClass = keyof typeof classes

/** Columns separated by spaces, for each table and class. */
export const privacy: Record<string, Partial<Record<PrivacyClass, string>>> = {
  'app.action_sheet': {
    organisation:
      'cpts_id id mission title beneficiaries starts_on ends_on budget_cents indicators hours units created_at closed_on closed_how closed_note closed_at',
    personal: 'owner by_label closed_label',
  },
  'app.audit_batch': { organisation: 'cpts_id no sealed_at events merkle_root previous_root root' },
  'app.audit_event': {
    organisation: 'cpts_id id at actor_kind action subject_kind detail request_id',
    personal: 'actor_id actor_label subject_id',
  },
  'app.audit_named': { organisation: 'cpts_id times last_at', personal: 'subject_id actor_label' },
  'app.audit_seal': { organisation: 'cpts_id event_id batch_no position leaf' },
  'app.audit_unsealed': { organisation: 'cpts_id event_id' },
  'app.capacity': {
    organisation:
      'cpts_id id commune_code total adult child ald home used used_adult used_child used_ald used_home min_age max_age communes languages wheelchair until stated_at stated_by superseded_at',
    personal: 'membership_id',
  },
  'app.comparison_choice': { organisation: 'cpts_id id agrees decision at', personal: 'by_label' },
  'app.comparison_rate': { organisation: 'cpts_id year code size level at' },
  'app.contract_amount': { organisation: 'cpts_id annex_id heading part period cents' },
  'app.contract_answer_delay': { organisation: 'cpts_id id days at', personal: 'by_label' },
  'app.contract_annex': {
    organisation: 'cpts_id id event_id file_id at withdrawn_at withdrawn_reason',
    personal: 'by_label withdrawn_label',
  },
  'app.contract_confirmation': {
    organisation: 'cpts_id id rule article file_id at withdrawn_at withdrawn_reason',
    personal: 'by_label withdrawn_label',
  },
  'app.contract_event': {
    organisation: 'cpts_id id kind mission day note file_id at withdrawn_at withdrawn_reason',
    personal: 'by_label withdrawn_label',
  },
  'app.contract_figure': {
    organisation: 'cpts_id id code year numerator denominator unavailable source extracted_on file_id diagnosis_figure_id at',
    personal: 'by_label',
  },
  'app.contract_indicator': {
    organisation:
      'cpts_id id code weight target_numerator target_denominator baseline_numerator baseline_denominator baseline_missing baseline_figure_id at',
    personal: 'by_label',
  },
  'app.contract_receipt': {
    organisation: 'cpts_id id day heading cents note at withdrawn_at withdrawn_reason',
    personal: 'by_label withdrawn_label',
  },
  'app.contract_review': {
    organisation: 'cpts_id id year at opened_at minutes_no signed_at proof_id closed_at',
    personal: 'by_label opened_label closed_label',
  },
  'app.contract_review_answer': { organisation: 'cpts_id id comment_id words at', personal: 'by_label' },
  'app.contract_review_comment': {
    organisation: 'cpts_id id review_id code asks words due_on at late_told_at',
    personal: 'author_id by_label',
  },
  'app.contract_review_meeting': {
    organisation: 'cpts_id id review_id day at',
    personal: 'community_id fund_id agency_id others by_label',
  },
  'app.contract_review_minutes': { organisation: 'cpts_id review_id no sha256 at', personal: 'payload words by_label' },
  'app.contract_review_signature': { organisation: 'cpts_id review_id no party sha256 at', personal: 'membership_id by_label' },
  'app.contract_review_snapshot': { organisation: 'cpts_id review_id payload sha256 at' },
  'app.contract_signatory': { organisation: 'cpts_id event_id party', personal: 'name' },
  'app.contract_size': { organisation: 'cpts_id id size reason decided_on at', personal: 'by' },
  'app.departure': {
    organisation: 'cpts_id id code patients announced_at cancelled_at',
    personal: 'membership_id leaves_on announced_label cancelled_label',
  },
  'app.departure_count': { organisation: 'cpts_id departure_id commune_code patients', 'health-flag': 'profile' },
  'app.departure_request': { organisation: 'cpts_id departure_id joined_at', personal: 'request_id' },
  'app.departure_wave': { organisation: 'cpts_id id departure_id position criteria starts_on removed_at sent_at' },
  'app.departure_wave_doctor': { organisation: 'cpts_id wave_id group_name', personal: 'membership_id' },
  'app.diagnosis_choice': { organisation: 'cpts_id id code level place year source reason at', personal: 'by_label' },
  // Counts of inhabitants by commune: small ones stay inside the community.
  'app.diagnosis_figure': {
    organisation: 'cpts_id id code level place year source extracted_on file_id import_id at withdrawn_at withdrawn_reason',
    personal: 'by_label withdrawn_label',
    'health-flag': 'numerator denominator thousandths unavailable',
  },
  'app.diagnosis_import': {
    organisation: 'cpts_id id file_id at closed_at closed_how written refused',
    personal: 'by_label closed_label',
  },
  'app.directory_note': {
    public: 'rpps field value',
    organisation: 'cpts_id id source verified_at at withdrawn_at',
    personal: 'verified_by',
  },
  'app.fund_file': {
    organisation: 'cpts_id id at people matched probable several absent erase_at erased_at',
    personal: 'by_label',
    secret: 'key_print',
  },
  'app.fund_line': { organisation: 'cpts_id file_id no', personal: 'pseudonym commune_code request_id', 'health-flag': 'ald status why' },
  'app.gp_settings': { organisation: 'cpts_id proposal_hours travel_minutes far_minutes capacity_days updated_at', public: 'phone' },
  'app.household': { organisation: 'cpts_id id created_at' },
  'app.idempotency': { organisation: 'cpts_id path at', personal: 'actor notice', secret: 'id location' },
  'app.interim_route': { organisation: 'cpts_id route offered_at', personal: 'request_id used_label', 'health-flag': 'used_at' },
  'app.interim_text': { public: 'route text phone', organisation: 'cpts_id updated_at', personal: 'updated_by' },
  'app.ledger_entry': { organisation: 'cpts_id book no previous hash', personal: 'payload' },
  'app.ledger_head': { organisation: 'cpts_id book no hash' },
  'app.membership': { organisation: 'cpts_id id', personal: 'person_id roles rpps profession since ended_at' },
  'app.message': {
    organisation: 'cpts_id id channel reason state attempts error created_at sent_at due_at',
    personal: 'recipient recipient_label subject subject_id',
    secret: 'body lease leased_until',
  },
  'app.partner': {
    public: 'kind name commune_code address phone email search',
    organisation: 'cpts_id id ambulances vsl source verified_at created_at removed_at',
    personal: 'verified_by',
  },
  'app.patient_change': {
    organisation: 'cpts_id id at withdrew look looked_at',
    personal: 'request_id by_label looked_label',
    'health-flag': 'fields points_before points_after',
  },
  'app.plan': {
    organisation:
      'cpts_id id created_at rule_version patients doctors sent_at state previous_id data_at started_at attempts phase done elapsed_ms estimate_ms ended_at fault',
    personal: 'created_by created_label ended_label',
    'health-flag': 'result',
  },
  'app.plan_doctor': { organisation: 'cpts_id plan_id capacity_id places given', personal: 'membership_id' },
  'app.plan_line': {
    organisation: 'cpts_id plan_id rank',
    personal: 'request_id membership_id minutes before_id',
    'health-flag': 'points why',
  },
  'app.plan_question': {
    organisation: 'cpts_id plan_id asked_at attempts answered_at',
    personal: 'request_id membership_id asked_label',
    'health-flag': 'answer',
  },
  'app.plan_sending': {
    organisation: 'cpts_id id plan_id asked_at state attempts total sent unsent ended_at fault',
    personal: 'asked_label ended_label',
  },
  'app.plan_sending_line': {
    organisation: 'cpts_id sending_id rank settled',
    personal: 'request_id',
    'health-flag': 'sentence',
  },
  'app.priority_rule': { organisation: 'cpts_id created_at', public: 'version decision decided_on rule' },
  'app.priority_change': {
    organisation: 'cpts_id id points at undone_at',
    personal: 'request_id by_label undone_label',
    'health-flag': 'reason',
  },
  'app.proposal': {
    organisation: 'cpts_id id plan_id state sent_at expires_at answered_at',
    personal: 'request_id membership_id capacity_id minutes sent_by_label',
    'health-flag': 'profile reason',
  },
  'app.publication': { public: 'month published_at people tables', organisation: 'cpts_id', 'health-flag': 'counts' },
  'app.request': {
    organisation: 'cpts_id id state since state_at origin rule_version created_at',
    personal:
      'number proxy_name proxy_kind proxy_contact birth_name used_name given_names birth_date sex phone email commune_code preferred_contact farther household_id consent_at consent_by duplicate_of match_key doctor_membership_id appointment_on seen_on declared_on declared_by',
    'health-flag':
      'exit ald treatment specialist pregnancy reduced_mobility home_visit precarity isolation doctor_left hospital_exit languages language wheelchair points by_hand',
  },
  'app.request_draft': { organisation: 'cpts_id id created_at expires_at', 'health-flag': 'data' },
  'app.request_event': {
    organisation: 'cpts_id id at kind from_state to_state',
    personal: 'request_id actor_label',
    'health-flag': 'reason',
  },
  'app.signed_link': {
    organisation: 'cpts_id id purpose created_at expires_at used_at revoked_at',
    personal: 'subject_id',
    secret: 'token_hash',
  },
  'app.contract_terms': {
    organisation: 'cpts_id event_id from_day agreement size size_reason years missions snp_compensation',
  },
  // What a file says is not known to us: it is kept as what may be about a person.
  'app.stored_file': { organisation: 'cpts_id id sha256 type at', personal: 'given_name bytes by_label' },
  'app.territory_commune': { public: 'commune_code', organisation: 'cpts_id since', personal: 'added_by' },
  'app.waiting_estimate': { organisation: 'cpts_id cell people served steps computed_at' },
  'platform.audit_event': { organisation: 'id at reason detail' },
  'platform.audit_head': { organisation: 'cpts_id batch root' },
  'platform.commune_claim': { public: 'commune_code cpts_id' },
  'platform.comparison_band': { organisation: 'year size code communities low middle high published_at' },
  'platform.cpts': { public: 'id slug name demo', organisation: 'created_at' },
  'platform.person': { personal: 'id name email created_at' },
  'platform.session': { personal: 'person_id created_at expires_at revoked_at', secret: 'token_hash' },
  'ref.commune': {
    public: 'code name department postal_codes epci_siren epci_name city_code population population_year lon lat search',
  },
  'ref.commune_alias': { public: 'old_code code' },
  'ref.directory_change': { public: 'id run kind rpps profession_code commune_from commune_to detail' },
  'ref.import_reject': { public: 'run line reason excerpt' },
  'ref.import_run': {
    organisation:
      'id kind file_name file_sha256 file_bytes started_at finished_at lines accepted rejected reject_reasons without_commune people arrivals departures moves changes status',
    personal: 'confirmed_by',
  },
  'ref.nomenclature': { public: 'kind code label' },
  'ref.practice_place': {
    public:
      'id rpps place_key profession_code mode_code sector_code role_code activity_code skill_codes structure_id finess siret name sign address_extra street distribution postal_code commune_code commune_label run',
    // The extract gives mobile numbers too: shown only when they are not (publicPhone).
    personal: 'phone',
  },
  'ref.practitioner': {
    public: 'rpps family_name given_name civility profession_code profession category_code active first_seen last_seen run search',
  },
}

export interface Column {
  table: string
  column: string
  type: string
  comment: string
  tableComment: string
}
export const classOf = (c: Pick<Column, 'table' | 'column'>, list = privacy): PrivacyClass | undefined =>
  (Object.keys(classes) as PrivacyClass[]).find(k => list[c.table]?.[k]?.split(' ').includes(c.column))

/** Columns without a class, columns with two, names of columns that do not exist. */
export function privacyFaults(columns: readonly Column[], list = privacy): string[] {
  const named = Object.entries(list).flatMap(([table, by]) =>
    Object.values(by).flatMap(names => names.split(' ').map(n => `${table}.${n}`)),
  )
  const real = new Set(columns.map(c => `${c.table}.${c.column}`))
  return [
    ...[...real].filter(c => !named.includes(c)).map(c => `${c}: has no privacy class; decide it in test/privacy.ts`),
    ...named.filter((c, i) => named.indexOf(c) !== i).map(c => `${c}: has two privacy classes`),
    ...named.filter(c => !real.has(c)).map(c => `${c}: is classified and does not exist`),
  ].sort()
}
export const columnsSql = `select n.nspname || '.' || c.relname as "table", a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
    coalesce(col_description(c.oid, a.attnum), '') as comment, coalesce(obj_description(c.oid, 'pg_class'), '') as "tableComment"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname in ('app', 'platform', 'ref') and c.relkind in ('r', 'p') order by 1, a.attnum`
