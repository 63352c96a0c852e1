### Words of every page. Same keys in ru, kk and en; grouped by page.
### Plain, short, verbs on buttons. Numbers of days and dates come in as variables, never stand here.

## Site shell, on every page

# $company: the controller's published name

site-title = Personal data: { $company }
site-skip-link = Skip to the main text
site-language-switch = Language
site-language-ru = РУС
site-language-kk = ҚАЗ
site-language-en = ENG
site-language-name-ru = Русский
site-language-name-kk = Қазақша
site-language-name-en = English
site-nav-label = Main sections
site-nav-home = Privacy centre
site-nav-policy = Policy
site-nav-partners = Partners
site-nav-account = Account
site-nav-verify = Verify a receipt
site-nav-cookies = Cookies
site-nav-evidence = Evidence
site-nav-comments = Comments
site-sign-in = Sign in
site-sign-out = Sign out
site-back = Back
site-back-home = To the privacy centre
site-footer-controller = { $company }, BIN { $bin }. { $address }
site-footer-contact = Questions about your data: { $mailbox }
site-footer-responsible = Person responsible for processing: { $name }
site-footer-security = Report a security problem
site-footer-built-with = Runs on Senim
site-rehearsal = REHEARSAL. This copy works with a clock set by hand. Nothing here has legal force.
site-draft-mark = draft
site-draft-note = The Kazakh text is a draft until a native reviewer has read it.
site-yes = Yes
site-no = No
site-none = None
site-not-given = not given
site-optional = (optional)
site-required = required
site-continue = Continue
site-save = Save
site-cancel = Cancel
site-change = Change
site-download = Download
site-print = Print
site-why = Why?
site-details = Details
site-next-page = Next page
site-previous-page = Previous page
site-print-no-values = Printed pages show no values (clause 11.5). Use the export to get them.

## The seal beside anything that can be proven

seal-title = Proof { $number }
seal-verified = Verified on this page just now
seal-pending = Recorded, not yet in the public log
seal-broken = Does not verify
seal-open = Open the proof

## Dates, terms and units

# $day, $year: numbers as text; $month: one of date-month-N; $weekday: one of date-weekday-N (1 is Monday)

date-long = { $day } { $month } { $year }
date-long-weekday = { $day } { $month } { $year }, { $weekday }
date-by = by { $date }
date-from = from { $date }
date-at-time = { $date }, { $time }
date-zone = Almaty time, UTC+5
date-as-of = as of { $date }
date-month-1 = January
date-month-2 = February
date-month-3 = March
date-month-4 = April
date-month-5 = May
date-month-6 = June
date-month-7 = July
date-month-8 = August
date-month-9 = September
date-month-10 = October
date-month-11 = November
date-month-12 = December
date-weekday-1 = Monday
date-weekday-2 = Tuesday
date-weekday-3 = Wednesday
date-weekday-4 = Thursday
date-weekday-5 = Friday
date-weekday-6 = Saturday
date-weekday-7 = Sunday
# $count: a number

unit-working-days = { $count ->
        [one] { $count } working day
       *[other] { $count } working days
    }
unit-calendar-days = { $count ->
        [one] { $count } calendar day
       *[other] { $count } calendar days
    }
unit-months = { $count ->
        [one] { $count } month
       *[other] { $count } months
    }
unit-hours = { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
unit-minutes = { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
date-remaining-working-days = { $count ->
        [0] last day today
        [one] { $count } working day left
       *[other] { $count } working days left
    }
date-overdue-working-days = { $count ->
        [one] { $count } working day late
       *[other] { $count } working days late
    }
date-estimate = Estimate: the calendar of that year is not published yet.
deadline-title = How this date was counted
deadline-source-clause = Policy, clause { $clause }
deadline-source-law = Law of the Republic of Kazakhstan
deadline-source-gdpr = GDPR
deadline-effective = This one applies: it is the strictest.
deadline-calendar = Business calendar { $version }

## Privacy centre, /

home-title = Your personal data
home-lead = Here you can see what { $company } holds about you, change it, stop its use or have it destroyed. It is free.
home-see = See what is held
home-see-text = Every value, where it came from, and who looked at it.
home-correct = Correct
home-correct-text = Change or delete any value. You get a notice of what changed.
home-restrict = Restrict
home-restrict-text = If you think data were obtained or used unlawfully, we lock them while we check.
home-withdraw = Withdraw consent
home-withdraw-text = The whole consent or a single purpose. It takes effect at once.
home-erase = Delete everything
home-erase-text = First you see what will follow. Then the data are destroyed and you get a receipt.
home-more = Also here
home-policy = Read the policy
home-partners = See the partners
home-verify = Verify a receipt
home-forms = Forms
home-write = You can also write to { $mailbox }. The subject “Rectify personal data” or “Stop processing personal data”, your address and your demand are enough.

## Policy, /policy, its versions and differences

policy-title = Personal data processing policy
policy-version = Version { $version }
policy-effective = In force from { $date }
policy-effective-until = In force from { $from } until { $until }
policy-not-yet = This version is not in force yet.
policy-sha256 = SHA-256 checksum
policy-raw = Download the published file
policy-raw-hint = The file is exactly what was published, byte for byte.
policy-contents = Clauses
policy-clause = Clause { $clause }
policy-clause-link = Link to clause { $clause }
policy-clause-proof = How this clause is kept
policy-versions = All versions
policy-versions-lead = Your consent is bound to the version you saw. Each one stays here.
policy-diff = Differences
policy-diff-title = What changed from { $old } to { $new }
policy-diff-added = Added
policy-diff-removed = Removed
policy-diff-changed = Changed
policy-diff-none = No differences between these versions.
policy-current = in force
policy-archived = earlier
policy-languages = Published in: { $languages }
policy-only-ru = Published in Russian only; this page shows the Russian text.
policy-translation-draft = Draft translation. It helps you read and binds nobody: consent refers to the published text.
policy-findings = Contradictions found in this text
policy-findings-lead = The published text is not edited. Where it contradicts itself, the strictest reading applies.

## A new version of the policy, shown at sign-in or submission (clause 20)

policy-new-title = The policy has changed
policy-new-lead = Version { $version } is in force from { $date }. Here is what changed.
policy-new-effect = If you go on, we record that you accepted this text. Your consents do not become wider: anything new needs a new tick.
policy-new-accept = Go on with the new text
policy-new-disagree = I do not agree
policy-new-disagree-hint = All your consents are withdrawn, destruction begins, and you are signed out.

## Partners, /partners

partners-title = Partners who can receive your data
partners-lead = Whoever is not on this list cannot receive data. Each transfer also needs your own consent.
partners-empty = There are no partners. Your data are passed to nobody.
partners-name = Partner
partners-bin = BIN
partners-country = Country
partners-purposes = What for
partners-data = Which data
partners-since = Published on
partners-feed = Feed of changes
partners-as-of = List as of { $date }

## Forms, /f/{form}

form-consultation-title = Request a consultation
form-consultation-lead = Tell us how to reach you and what it is about. We will contact you.
form-consultation-button = Request a consultation
form-booking-title = Book a time
form-booking-lead = Choose what you need. We will confirm the time with you.
form-booking-button = Book
form-order-title = Order
form-order-lead = Say what you order. We will contact you before we start.
form-order-button = Send the order
form-registration-title = Registration
form-registration-lead = We will create an account. You can sign in and delete it at any time.
form-registration-button = Register
form-check-button = Check the answers
form-nothing-stored = Nothing is stored until you press the last button. If you leave, nothing about you remains.
form-required-note = Fields without the mark “optional” are required.
form-no-scans = Do not send copies of identity documents. The law forbids us to collect them.

## Fields: label and hint

field-surname = Surname
field-surname-hint = As in your document
field-given-name = Given name
field-given-name-hint = As in your document. If you have a single name, write it here.
field-patronymic = Patronymic
field-patronymic-hint = Only if your document has one
field-iin = IIN
field-iin-hint = 12 digits from your identity card
field-registered-address = Registered address
field-registered-address-hint = City, street, house, flat. The postal code is not needed.
field-email = E-mail address
field-email-hint = For example, name@example.kz
field-phone = Phone number
field-phone-hint = A Kazakhstan number, for example +7 701 123 45 67
field-message = What is it about?
field-message-hint = Up to { $limit } characters. Write nothing about your health, faith, or other people.
field-preferences = What interests you
field-preferences-hint = Used only if you allow advertising by your preferences
field-adult = I am 18 or over and legally capable
field-adult-hint = We do not accept data of people under 18, also not from their parents.

## Consent text before the button

# $company, $bin, $address: the controller; $date: the end of a term, written out

consent-title = Consent to collection and processing of personal data
consent-lead = Read it and tick only what you agree to.
consent-who = To whom
consent-who-text = { $company }, BIN { $bin }, { $address }
consent-what = Which data
consent-why = What for and until when
consent-until = Until { $date } at the latest
consent-required = Needed for this form
consent-optional = Only if you want. Without these ticks the form works just the same.
consent-to-whom = Transfer to third parties
consent-to-whom-none = No. Your data are passed to nobody.
consent-to-whom-tick = I agree to the transfer of the listed data to { $recipient }
consent-cross-border = Cross-border transfer
consent-cross-border-none = No. Data stay in the Republic of Kazakhstan.
consent-publication = Distribution in public sources
consent-publication-none = No. Only what you publish yourself becomes public.
consent-withdraw = How to withdraw
consent-withdraw-text = At any time, the whole consent or one purpose: in the account, or by a letter to { $mailbox }. You need not give a reason. Use of the data stops at once.
consent-notice = The consent is bound to version { $version } of the policy.
consent-button-note = By pressing “{ $button }” you consent to what is ticked above.
consent-refuse = I do not agree, leave

## Purposes (clause 8): title, one sentence, the event that ends each

purpose-p8-1-title = Account on the site
purpose-p8-1-text = We create an account and recognise you when you sign in.
purpose-p8-1-end = Ends when you delete the account.
purpose-p8-2-title = Answer to your enquiry
purpose-p8-2-text = We contact you about the enquiry, advise you and carry it out.
purpose-p8-2-end = Ends when the enquiry is fulfilled or you drop it.
purpose-p8-3-title = Account with a partner
purpose-p8-3-text = We open access for you on the site of the partner you chose.
purpose-p8-3-end = Ends when access is open or you give it up.
purpose-p8-4-title = Information messages
purpose-p8-4-text = We tell you how the services you use are running.
purpose-p8-4-end = Ends when you unsubscribe or stop using the service.
purpose-p8-5-title = Advertising by your preferences
purpose-p8-5-text = We choose offers by what you told us about your interests. Starts only after your contact is confirmed.
purpose-p8-5-end = Ends when you decline advertising.
purpose-p8-6-title = Evaluation of the site
purpose-p8-6-text = We look at where the site is hard to use.
purpose-p8-6-end = Ends when the report for the period is ready.
purpose-p8-7-title = Advertising statistics
purpose-p8-7-text = We count which advertising works, on anonymised data only.
purpose-p8-7-end = Ends when the data are irreversibly anonymised.
purpose-p8-8-title = Promotions and discounts
purpose-p8-8-text = We tell you about them by e-mail or phone, as you choose. Starts only after your contact is confirmed.
purpose-p8-8-end = Ends when you unsubscribe.
purpose-p8-9-title = Marketing research
purpose-p8-9-text = A contractor gets only irreversibly anonymised data, never yours by name.
purpose-p8-9-end = Ends when the set for the study is anonymised.
purpose-p8-10-title = Talks with a bank about credit
purpose-p8-10-text = We pass your application to the bank you named in a separate consent and tell you its answer.
purpose-p8-10-end = Ends when the bank has decided or you drop the application.
purpose-rights-title = Your rights
purpose-rights-text = We answer your requests and keep the records the law demands.
purpose-rights-end = Ends when your request has been answered and the term the law sets is over.

## Categories of data (clause 5)

category-surname = Surname
category-given-name = Given name
category-patronymic = Patronymic
category-iin = IIN
category-registered-address = Registered address
category-email = E-mail address
category-phone = Phone number
category-user-id = Account identifier
category-message = Text of the enquiry
category-preferences = Preferences
category-published-content = Published texts
category-correspondence = Correspondence and notes
category-credit-application = Credit application
category-credit-decision = Decision on credit
category-representative = Representative and basis of powers
category-device-visit = Device and visit data

## Operations with data (the closed list of clause 1)

operation-collection = Collection
operation-receipt = Receipt
operation-recording = Recording
operation-systematisation = Systematisation
operation-accumulation = Accumulation
operation-storage = Storage
operation-rectification = Rectification
operation-retrieval = Retrieval
operation-use = Use
operation-distribution = Disclosure by distribution
operation-provision = Disclosure by provision
operation-access = Disclosure by access
operation-anonymisation = Anonymisation
operation-restriction = Restriction
operation-deletion = Deletion
operation-destruction = Destruction
# Parts of a consent that can be withdrawn separately and are no operation of clause 1

operation-processing = Processing
operation-publication = Publication
operation-transfer = Transfer to third parties
operation-cross-border = Cross-border transfer

## Who acted, and how a value came to us

role-subject = you
role-representative = your representative
role-system = the system, automatically
role-intake = intake desk
role-service = service
role-marketing = marketing
role-research = research
role-bank-desk = bank desk
role-dpo = person responsible for processing
role-auditor = auditor
role-admin = administrator
principal-self = you
principal-data-subject = the person
principal-operator = operator
principal-api-key = company system
principal-visitor = visitor who did not sign in
principal-system = the system, automatically
source-form = form on the site
source-account = your account
source-api = company system
source-email = e-mail
source-phone = phone call
source-paper = paper
source-import = older system

## Errors: the summary above a form

error-summary-title = There is a problem
error-summary-lead = Correct this and send again. What you typed is still here.
error-prefix = Error:
error-page-title-prefix = Error: { $title }
error-rule = Rule: clause { $clause } of the policy
error-code = Code: { $code }

## Errors: one per violation code, error-<code>: the rule and what to do next

# $field: the field's label; $limit: a number of characters; $purpose, $category, $recipient: their names; $date: written out

error-undeclared-field = This form does not take the field “{ $field }”. Remove it and send again.
error-missing-field = This form cannot be carried out without the field “{ $field }”. Fill it in.
error-iin-check-digit = The last digit of the IIN does not match the others. Check all 12 digits against your identity card.
error-iin-length = An IIN has 12 digits. Type digits only, without spaces or letters.
error-under-18 = We accept data only from people aged 18 or over. Nothing was stored.
error-under-age = We accept data only from people aged 18 or over. Nothing was stored.
error-adult-not-declared = Data can be sent only by a person aged 18 or over who is legally capable. Tick this if it is so.
error-phone-invalid = This is not a full phone number. Type it like +7 701 123 45 67.
error-phone-foreign = This form takes Kazakhstan numbers only. Give another number or write to { $mailbox }.
error-email-invalid = This is not a full e-mail address. Type it like name@example.kz.
error-name-invalid = The field “{ $field }” takes letters, hyphens, apostrophes and spaces. Remove the other characters.
error-bin-check-digit = The last digit of the BIN does not match the others. Check all 12 digits.
error-text-too-long = The field “{ $field }” takes up to { $limit } characters. Shorten the text.
error-notice-outdated = The policy changed while you were filling in the form. Read the new version and consent again.
error-purpose-unknown = There is no such purpose in the policy. Reload the page and choose again.
error-purpose-required = Without consent to the purpose “{ $purpose }” this form cannot be carried out. Tick it, or leave: nothing is stored.
error-consent-missing = There is no consent to the purpose “{ $purpose }”. Ask the person for it first.
error-consent-withdrawn = Consent to the purpose “{ $purpose }” was withdrawn on { $date }. Data may not be used for it. Only the person can consent again.
error-consent-expired = Consent to the purpose “{ $purpose }” ended on { $date }. Ask for a new one.
error-purpose-not-of-role = Your role does not work with the purpose “{ $purpose }”. Choose a purpose of your role or hand the task to a colleague.
error-operation-not-of-role = Your role may not do this. Hand the task to a colleague whose role may.
error-category-not-for-purpose = “{ $category }” is not needed for the purpose “{ $purpose }”. Leave it out.
error-category-unknown = There is no such category of data in the policy. Choose one from the list.
error-subject-restricted = These data are restricted. They may not be used until the restriction is lifted; only the person can see them.
error-restriction-active = This cannot be done while the restriction lasts. First decide the dispute and lift it.
error-subject-erased = These data were destroyed on { $date }. They cannot be brought back.
error-contact-unproven = The contact in this entry is not confirmed. Only the person can confirm it, by signing in to the account with the code from the letter.
error-recipient-unpublished = { $recipient } is not on the published list of partners, so it cannot receive data. Publish it first.
error-recipient-not-consented = The person has not allowed the transfer to { $recipient }. Ask for a separate consent.
error-recipient-undertaking = The undertaking of { $recipient } is missing or has ended. Renew it first.
error-recipient-suspended = The company has suspended { $recipient }: nothing may go to it until the rule ends.
error-rule-without-pattern = Name at least one term: a rule without a pattern would meet every record.
error-rule-destroys-later = A standing rule cannot destroy: refuse at the form what is not wanted.
error-rule-not-standing = This rule does not stand any more, or never did.
error-storage-period-invalid = A storage period is a whole number and s, h or d, such as 30d.
error-cross-border = Data may not leave the Republic of Kazakhstan. Choose a recipient whose database is here.
error-research-not-anonymised = For research only irreversibly anonymised data may leave. Anonymise the set and pass the test first.
error-role-unknown = There is no such role in the policy. Choose one from the list.
error-representative-unproven = The powers of the representative are missing or have ended. State a document that is in force.
error-obligation-open = For this purpose an obligation is still open. It ends on { $date }; everything else has stopped.
error-enquiry-transition = An enquiry in this state cannot take that step. Reload the page and look at its state.
error-form-unknown = This form opens no enquiry. Use the id of a form that does.
error-operator-last = This is the last operator who may let others in. First give somebody else that role, or revoke at the server: senim operator revoke.
error-operator-transition = That can no longer be done with this account. Reload the page.
error-field-repeated = The field “{ $field }” came twice. Send it once.
error-iin-kind = This is a BIN of an organisation. Type the IIN of a person.
error-iin-century = The 7th digit of the IIN is impossible. Check all 12 digits against your identity card.
error-iin-birth-date = The first 6 digits of the IIN are no date of birth. Check all 12 digits against your identity card.
error-bin-length = A BIN has 12 digits. Type digits only.
error-bin-kind = This is no BIN of an organisation. Check all 12 digits.
error-bin-month = The 3rd and 4th digits of the BIN are no month. Check all 12 digits.
error-email-too-long = This e-mail address is too long. Check it or give another one.
error-name-too-long = The field “{ $field }” takes up to { $limit } characters. Shorten it.
error-iban-invalid = This is no Kazakhstan account number. It begins with KZ and has 20 characters.
error-iban-check-digits = The check digits of the account number do not match. Check all 20 characters.
error-text-empty = The field “{ $field }” is empty. Fill it in.
error-text-invalid = The field “{ $field }” holds characters that cannot be shown. Type the text by hand.
error-consent-invalidated = Consent to the purpose “{ $purpose }” was declared invalid. Ask for a new one.
error-consent-revoked = Consent to the purpose “{ $purpose }” was ended by others than the person. Ask for a new one.
error-principal-not-of-role = This role may not be used from here. Sign in the way the role needs.
error-not-own-data = These are data of another person. You can see and change only your own.
error-operation-not-for-purpose = The purpose “{ $purpose }” does not include this operation. Choose another purpose.
error-category-not-of-role = Your role may not see “{ $category }”. Leave it out or hand the task to a colleague.
error-category-not-for-recipient = { $recipient } may not receive “{ $category }”. Leave it out.
error-recipient-missing = A transfer needs a recipient. Name one.
error-recipient-unknown = There is no such recipient in the register. Choose one from the list.
error-recipient-not-for-purpose = { $recipient } does not take part in the purpose “{ $purpose }”. Choose another recipient or purpose.
error-recipient-attestation = The security attestation of { $recipient } is missing or has ended. Renew it first.
error-gone = The data of this request were destroyed. They cannot be shown again.
error-conflict = This is not possible in the present state. Reload the page and look at what has changed.
error-body-too-large = This is too much data for one form. Shorten the text and send again.
error-content-type = The server does not take this format. Send the form from this page, or JSON through the interface.
error-malformed = The request cannot be read. Check its shape against the description of the interface.
error-idempotency-mismatch = This key was already used for another request. Take a new key.
error-not-found = There is no such page or record. Check the address or go to the privacy centre.
error-method-not-allowed = This page does not take such a request. Go back and use its buttons.
error-forbidden = You may not do this. If you need it, ask the person responsible for processing.
error-unauthorized = Sign in first.
error-rate-limited = Too many tries. Wait { $minutes } min and try again.
error-csrf = The page was open too long or came from another site. Reload it and send again.
error-session-expired = You were signed out because nothing happened for a while. Sign in again.
error-code-wrong = The code does not match. Check it against the letter; you can ask for a new one.
error-code-expired = The code is too old. Ask for a new one.
error-secret-wrong = This code opens nothing. Check every character; it stands on your receipt.
error-confirmation-mismatch = The word does not match. Type it exactly as shown.
error-password-weak = The password is too short or too well known. Take at least { $limit } characters that you use nowhere else.
error-password-mismatch = The two passwords differ. Type the same one twice.
error-login-wrong = The login, password or code is wrong. Check all three.
error-link-used = This link was already used or has ended. Ask for a new one.
error-storage-unavailable = We cannot store anything now, so nothing was accepted. Try again in a few minutes.
error-disk-full = There is no room for new data now. Withdrawals, restrictions and erasures still work. Try the rest later.
error-log-unavailable = The log cannot be written now, and without it nothing is done. Try again in a few minutes.
error-internal = Something failed on our side; nothing was stored. Try again, or write to { $mailbox } and name { $reference }.

## Check answers and confirmation

check-title = Check your answers
check-lead = Nothing is stored yet. Press the button if everything is right.
check-answers = Your answers
check-consents = You consent to
check-not-consented = You do not consent to
done-title = We have received it
done-reference = Number: { $number }
done-next-title = What happens next
done-next-contact = We contact you by the means you gave.
done-next-confirm = We have sent a letter to the e-mail address. To confirm the address, sign in to the account with the code that comes there.
done-next-status = Where it stands: open by the number, without signing in.
done-next-change = You can see, change, withdraw or delete everything in the account.
done-receipt-title = Consent receipt
done-receipt-download = Download the consent receipt
done-receipt-pending = The receipt will be ready in a moment. Reload this page.
done-secret-title = Save this code
done-secret-text = It opens your data without e-mail. We show it once and do not keep it. Show it to nobody.
refused-title = You did not agree
refused-text = Nothing about you was stored. You can close this page.

## Sign in, /account

signin-title = Sign in
signin-lead = There is no password. Choose a way.
signin-email-title = With a code by e-mail
signin-email-button = Send the code
signin-secret-title = With the code on your receipt
signin-secret-label = Code from the receipt
signin-secret-hint = Letters and digits, as printed. Spaces and hyphens do not matter.
signin-secret-button = Open my data
signin-code-title = Type the code
signin-code-sent = If we know this address, a code is on its way there. It works for { $minutes } min.
signin-code-label = Code from the letter
signin-code-button = Sign in
signin-code-again = Send a new code
signin-no-letter = No letter? Look in the spam folder, or sign in with the code on your receipt.
signin-phone-only = If you gave a phone number alone, use the code on your receipt or call us.
signout-done = You are signed out.
contact-confirm-title = Confirm the address
contact-confirm-button = This is my address
contact-confirmed = The address is confirmed.
contact-not-me-title = This was not you
contact-not-me-text = Somebody gave your address. Press the button: we stop using this entry and destroy it.
contact-not-me-button = This was not me
contact-not-me-done = The entry is stopped and will be destroyed by { $date }.

## Account: my data

account-title = Account
account-nav-data = My data
account-nav-consents = My consents
account-nav-history = Who looked
account-nav-requests = My requests
account-nav-export = Export
account-nav-erase = Delete everything
data-title = My data
data-lead = This is everything we hold about you.
data-value = Value
data-category = What it is
data-source = Where from
data-as-of = As of
data-state = State
data-proven = confirmed
data-unproven = not confirmed
data-restricted = restricted
restriction-kind-dispute = disputed: neither used nor destroyed until decided
restriction-kind-pending-destruction = waits for destruction
restriction-kind-on-demand = stopped because you asked
data-empty = We hold no values about you.
data-edit = Change
data-edit-title = Change: { $category }
data-edit-new = New value
data-edit-effect = The old value is destroyed at once. You get a notice of what changed.
data-edit-contact = A new address or number counts after you confirm it. The old one gets a message and can object for { $hours } h.
data-edit-button = Save the new value
data-edit-done = Changed. The old value is destroyed.
data-delete = Delete
data-delete-title = Delete: { $category }
data-delete-effect = The value is destroyed at once and cannot be brought back. These purposes lose it: { $purposes }.
data-delete-button = Delete this value
data-delete-done = Destroyed. The receipt is below.

## Account: consents

consents-title = My consents
consents-lead = Each purpose separately. You can withdraw any of them now.
consents-empty = You have given no consents.
consent-status-requested = asked, not answered
consent-status-given = in force
consent-status-refused = refused
consent-status-withdrawn = withdrawn by you
consent-status-expired = ended
consent-status-invalidated = invalid
consent-status-revoked = ended by others
consent-timeline = Life of the consent
timeline-given = Given on { $date }
timeline-now = Today
timeline-ends = Ends on { $date }
timeline-ended = Ended on { $date }
timeline-withdrawn = Withdrawn on { $date }
timeline-destroy-by = Data destroyed by { $date }
timeline-destroyed = Data destroyed on { $date }
consents-form = Form
consents-notice = Policy version
consents-shown = The text you saw
consents-button = Button you pressed
consents-receipt = Consent receipt
withdraw-button = Withdraw consent
withdraw-title = Withdraw consent: { $purpose }
withdraw-effect = Use of your data for this purpose stops at once. Data needed for no other purpose are destroyed by { $date }.
withdraw-all = Withdraw all consents
withdraw-done = Consent is withdrawn. Use of the data has stopped.
withdraw-receipt = Withdrawal receipt
withdraw-refused = Part of it cannot stop yet: { $reason }. It ends on { $date }. Everything else has stopped.
withdraw-again = To consent again, fill in a form again.

## Account: history of looks and acts

history-title = Who looked at your data
history-lead = Every look is recorded before the data are shown. Refused looks stand here too.
history-who = Who
history-why = Why
history-when = When
history-clause = Clause
history-what = What
history-proof = Proof
history-empty = Nobody has looked at your data.
# One per entry kind of the log, entry-<kind>

entry-collection = Form received
entry-obtaining = Data received by another way
entry-recording = Value written
entry-systematisation = Records put in order
entry-accumulation = Records added
entry-storage = Storage begun or reviewed
entry-rectification = Value corrected
entry-retrieval = Data viewed
entry-use = Data used
entry-distribution = Published
entry-disclosure = Passed to a recipient
entry-third-party-access = A recipient was let in
entry-anonymisation = Anonymised
entry-restriction = Restricted
entry-restriction-lifted = Restriction lifted
entry-deletion = Value deleted
entry-destruction = Destroyed
entry-consent = Consent given
entry-withdrawal = Consent withdrawn
entry-decision = It was asked whether data may be used
entry-refusal = Look or use refused
entry-sign-in = Signed in
entry-contact-proven = Contact confirmed
entry-enquiry = Enquiry changed its state
entry-request = Request changed its state
entry-notice-published = Version of the policy published
entry-operator-changed = Operator added or changed
entry-api-key-changed = Interface key made or revoked
entry-keys-rotated = Encryption keys replaced
entry-backup = Backup made
entry-restore = Restored from a backup
entry-log-opened = Log opened
entry-access-package = Data exported for you
entry-evidence-destroyed = Kept evidence destroyed
entry-receipt-handed-over = Consent receipt given to the site where you consented
entry-terms-changed = Terms of your record changed
entry-group-rule = Rule about a group of records

## Account: export

export-title = Export my data
export-lead = Everything we hold: values, purposes, sources, terms, recipients, consents and who looked. Free of charge.
export-json = Download as JSON
export-json-hint = For programs: another service can read it.
export-page = Open as a page
export-page-hint = For people: you can read it and keep it.
export-warning = The file holds your data in the clear. Keep it where nobody else can read it.

## Account: delete everything

erase-title = Delete everything
erase-lead = Read what will follow. After the last step nobody can bring the data back, neither we nor you.
erase-consequence-values = { $count ->
        [one] { $count } value about you is destroyed.
       *[other] { $count } values about you are destroyed.
    }
erase-consequence-consents = All consents are withdrawn at once.
erase-consequence-enquiries = Open enquiries are closed without an answer.
erase-consequence-account = The account closes. The code on your receipt stops working.
erase-consequence-recipients = Recipients are told to destroy their copies: { $recipients }.
erase-consequence-recipients-none = Your data were passed to nobody, so there is nobody else to tell.
erase-consequence-backups = The keys to all copies, backups included, are gone by { $date }.
erase-export-first = Do you want a copy? Export it first.
erase-confirm-word = delete
erase-confirm-label = To confirm, type: { $word }
erase-button = Destroy my data
erase-keep-button = Keep my data
erase-done-title = Your data are destroyed
erase-done-text = Download the receipt now. After this page we cannot find you any more.
erase-receipt = Destruction receipt
erase-receipt-download = Download the destruction receipt
erase-retained-title = What is retained and why
erase-retained-log = Log entries without a person: they show that acts took place, not whose.
erase-retained-tombstone = A mark that this record was destroyed, so that a backup cannot bring it back.
erase-retained-commitment = A check code of your consent receipt. No value can be read from it. Ground: { $ground }. Destroyed on { $date }.
erase-retained-letter = Your proven e-mail address, sealed under a key of its own, for one letter: { $ground }. At the latest on { $date }; nobody can read it.
erase-residues = Remains of old copies become unreadable by { $date }.

## Requests, /requests/{number}

request-title = Request { $number }
request-new = New request
request-kind-access = Learn what is held
request-kind-rectification = Correct data
request-kind-restriction = Restrict processing
request-kind-objection = Object to an automated decision
request-kind-withdrawal = Withdraw consent
request-kind-erasure = Destroy data
request-kind-unlawful-processing = Report unlawful processing
request-kind-question = Ask a question
request-text = What do you ask for?
request-button = Send the request
request-received = Received on { $date }
request-due = Answer by { $date }
request-status-received = received
request-status-contact-unproven = waiting for confirmation of the contact
request-status-verified = identity checked
request-status-confirmed = accepted
request-status-refused = refused with reasons
request-status-completed = done
request-refused-reason = Reason: { $reason }
request-appeal = You can appeal to the authorised body for the protection of personal data or to a court.
requests-empty = You have sent no requests.

## Where a matter stands, by its number; and the sign-ins of the account

status-kind-enquiry = Enquiry
status-what = What it is
status-lead = This page shows where it stands, to anyone who has the number. It says nothing about the person.
status-life = Course of the matter
status-limit = Last day
status-own = Open it in your account
status-account = More in the account, after signing in
status-unknown-title = Nothing stands under this number
status-unknown-text = Check the number. If it was right once, everything about it has been destroyed.
sessions-title = All sign-ins
sessions-lead = Every sign-in to your account that has not ended. We keep when and how, never from where.
sessions-began = Began
sessions-ends = Ends by itself
sessions-how = How
sessions-by-code = by a code from a letter
sessions-by-secret = by the code on the receipt
sessions-this = this one
sessions-end = End
sessions-end-others = End all others
sessions-done = Ended.

## Verify a receipt, /receipts/verify

verify-title = Verify a receipt
verify-lead = Paste the receipt or choose its file. The check needs no account, and the file is not kept.
verify-paste = Text of the receipt
verify-file = Or a file
verify-button = Verify
verify-valid = The receipt is genuine
verify-valid-text = It stands in the log { $origin } and has not been changed.
verify-invalid = The receipt does not verify
verify-invalid-text = Something in it was changed, or it comes from another log. Take the file you downloaded, unopened, and try again.
verify-unreadable = This is not a receipt
verify-unreadable-text = The text cannot be read. Paste the whole file from the first character to the last.
verify-self-asserted = The key came from the receipt itself. To be sure, compare it with the key the company publishes: { $key }
verify-offline = You can check without us too: senim verify FILE
verify-kind = Kind
verify-recorded-at = Recorded
verify-kind-consent = consent receipt
verify-kind-withdrawal = withdrawal receipt
verify-kind-disclosure = disclosure receipt
verify-kind-rectification = rectification receipt
verify-kind-destruction = destruction receipt

## Evidence, /evidence

evidence-title = How each clause is kept
evidence-lead = Computed now, from this system. What is not built yet is said so.
evidence-clause = Clause
evidence-control = What keeps it
evidence-test = How it was checked
evidence-result = Result
evidence-holds = kept
evidence-broken = broken
evidence-not-built = not built yet
evidence-unknown = could not be checked
evidence-computed-at = Computed on { $date }
evidence-summary = { $kept } kept, { $broken } broken, { $missing } not built yet

## Comments and cookies: honest about what is not collected

comments-title = Comments
comments-none = Comments are not collected on this site yet. Nothing is published about anybody.
comments-when = When they open, each publication will need your own consent, with a warning that others can copy it.
cookies-title = Cookies
cookies-lead = This site sets only cookies without which it cannot work. It does not count visits and watches nobody.
cookies-name = Name
cookies-purpose = What for
cookies-lifetime = Until
cookies-session-text = Keeps you signed in
cookies-csrf-text = Protects forms from foreign sites
cookies-language-text = Remembers the language
cookies-until-close = until you close the browser
cookies-not-collected = Statistics and advertising cookies: not collected. If that changes, they stay off until you switch them on.
cookies-ip = Your IP address and the page you came from are not stored beside your data.
cookies-gpc = Your browser asks not to be tracked (GPC). We take it as a refusal.

## Console for operators, /console: sign-in and set-up

console-title = Operator console
console-login-title = Sign in to the console
console-login-name = Login
console-login-password = Password
console-login-totp = Code from the authenticator
console-login-totp-hint = 6 digits that change every 30 seconds
console-login-button = Sign in
console-setup-title = Set up your access
console-setup-lead = This link works once. Choose a password, then add the key to an authenticator.
console-setup-name = Your login
console-setup-password = New password
console-setup-password-hint = At least { $limit } characters. A few words in a row are best. Use it nowhere else.
console-setup-password-again = The same password again
console-setup-totp-title = Second step
console-setup-totp-lead = Scan the picture with an authenticator, or type the key by hand.
console-setup-totp-key = Key
console-setup-button = Save and sign in
console-setup-done = Access is set up.
console-undertaking = You can open data after you have signed the undertaking and been trained (clause 11.4).
console-nav-label = Console sections
console-nav-enquiries = Enquiries
console-nav-requests = Requests
console-nav-mail = Mail
console-nav-log = Log
console-nav-notices = Policy versions
console-nav-settings = Settings
console-signed-in-as = { $name }, roles: { $roles }

## Console: enquiries

enquiries-title = Enquiries
enquiries-empty = No enquiries match.
enquiries-count = { $count ->
        [one] { $count } enquiry
       *[other] { $count } enquiries
    }
enquiries-number = Number
enquiries-received = Received
enquiries-form = Form
enquiries-status = Status
enquiries-due = Due
enquiries-contact = Contact
enquiries-filter = Filter
enquiries-filter-status = Status
enquiries-filter-form = Form
enquiries-filter-all = all
enquiries-filter-clear = Clear the filter
enquiry-title = Enquiry { $number }
enquiry-status-received = received
enquiry-status-assigned = assigned
enquiry-status-in-work = in work
enquiry-status-fulfilled = fulfilled
enquiry-status-declined = dropped by the person
enquiry-status-lapsed = lapsed
enquiry-take = Take into work
enquiry-fulfil = Mark as fulfilled
enquiry-fulfil-effect = The purpose is then reached: consent to it ends and the data are destroyed by { $date }.
enquiry-drop = Close: the person dropped it

## Console: opening a person's data for a purpose

open-title = Open the data
open-lead = Choose what for. The look is recorded, and the person will see it.
open-purpose = Purpose
open-categories = Only these data
open-button = Open the data
open-shown = Opened for the purpose “{ $purpose }” at { $time }. The look is recorded.
refusal-title = Refused
refusal-lead = The data were not opened. The reason:
refusal-recorded = The refusal is recorded too.
refusal-next = What you can do
find-title = Find a person
find-label = E-mail address, phone number or IIN
find-button = Find
find-empty = Nobody is held under this contact.

## Console: mail outbox

outbox-title = Letters
outbox-lead = Without a mail server, letters wait here. They hold no personal data except the address.
outbox-empty = No letters.
outbox-kind = Letter
outbox-created = Written
outbox-attempts = Tries
outbox-next-try = Next try
outbox-open = Read
outbox-status-waiting = waiting
outbox-status-sent = sent
outbox-status-cancelled = cancelled: consent was withdrawn
outbox-status-failed = not delivered

## Console: log

log-title = Log
log-number = No.
log-entry = Entry
log-time = Time
log-actor = Who
log-purpose = Purpose
log-categories = Data
log-clause = Clause
log-checkpoint = Checkpoint: { $size } entries, root { $root }
log-origin = Log
log-key = Public key
log-empty = No entries.

## Console: publishing a policy version

notices-title = Policy versions
notices-publish-title = Publish a version
notices-publish-lead = The file is published byte for byte and cannot be changed afterwards.
notices-language = Language
notices-effective = In force from
notices-file = File
notices-publish-button = Publish the version
notices-published = Version { $version } is published.
notices-findings = { $count ->
        [0] No findings.
        [one] { $count } finding
       *[other] { $count } findings
    }

## Console: settings and interface keys

settings-title = Settings
settings-operators = Operators
settings-operator-add = Invite an operator
settings-operator-link = One-time link for the operator. Hand it over in person.
settings-roles = Roles
settings-role-purposes = Purposes of the role
settings-keys = Interface keys
settings-key-name = Name of the key
settings-key-add = Make a key
settings-key-once = The key is shown once. Copy it now.
settings-key-revoke = Revoke the key
settings-key-last-used = Last used
settings-policy = Policy folder
settings-backup = Last backup that can be restored
settings-backup-none = There is no backup that can be restored now. Run: senim backup
settings-locations = Where the data are
settings-location-undeclared = not declared
settings-crypto = Encryption is AES-256-GCM in software. It is not a certified cryptographic tool under ST RK 1073-2007.

## Account: receipts, other entries, sessions

site-copy = Copy
site-copied = Copied
site-not-printed = not printed (clause 11.5)
receipt-download = Download the receipt
not-me-how = Somebody gave your address. Sign in with a code that we send to this address: you will see everything that was recorded, and can withdraw the consent or delete the entry.
account-confirm-title = Did you send this form?
account-confirm-text = Anybody could have given your address. Until you answer, no mailings and no advertising go out for this entry.
account-confirm-yes = Yes, this entry is mine
account-confirm-no = No, destroy it
account-confirm-done = The address in this entry is confirmed.
account-others-title = Other entries with this address
account-others-text = Each form sent is kept apart. You confirmed the address with a code and can open each entry.
account-others-open = Open the entry of { $date }
account-session-title = This sign-in
account-session-code = You signed in with a code from a letter. It ends by itself: { $date }.
account-session-secret = You signed in with the code on your receipt. It ends by itself: { $date }.
consents-ends = In force until
consents-clause = Purpose
data-actions = What you can do
restrict-effect = When you press the button, the data are restricted at once: they are neither used nor passed on, and only you can see them. We check and tell you the decision.
evidence-partly = kept in part
evidence-summary-partly = in part: { $partly }
form-adult-legend = Age and legal capacity
