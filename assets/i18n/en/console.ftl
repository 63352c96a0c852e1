### Words of the console and of the errors that only it and the interface have. Same keys in ru, kk and en.

## Console: frame and first page

console-home-title = Status
console-nav-home = Status
console-nav-people = People
console-nav-evidence = Evidence
console-nav-keys = Keys
console-nav-operators = Operators
console-role = Role
console-pages = Pages of the list
console-row-filter = Filter this page
console-row-count = Rows: {"{}"}
console-setup-name-hint = Latin letters, digits, dot, hyphen, underscore
console-setup-qr = QR code with the key for the authenticator
console-setup-confirm = Finish the set-up
console-setup-next-code = A code works once. To sign in, wait for the next one.
health-title = How the system stands
health-fine = in order
health-attention = look at this
health-store = Database
health-stopped = stopped
health-stopped-next = There was a storage error, so nothing more is accepted. Restart the server.
health-keys = Encryption keys
health-epoch = Epoch { $epoch }, until { $date }
health-no-smtp = no mail server is set
health-letters = { $count ->
        [one] { $count } letter waits
       *[other] { $count } letters wait
    }
health-enquiries = { $count ->
        [one] { $count } new enquiry
       *[other] { $count } new enquiries
    }
health-encryption = Encryption
health-backup = Check it on the server: senim doctor
health-location-database = database
health-location-keystore = keystore
health-location-backups = backups
health-location-mail = mail server

## Console: enquiries, people, requests

enquiry-changed = State changed
enquiry-do-assigned = Assign
enquiry-do-in-work = Take into work
enquiry-do-fulfilled = Mark as fulfilled
enquiry-do-declined = Close: the person dropped it
enquiry-do-lapsed = Close: it lapsed
open-none = Your roles open no data of people
open-none-next = Hand the task to a colleague whose role works with this purpose.
open-categories-hint = Nothing ticked: everything the purpose needs is opened
open-empty = There are no data for this purpose.
open-again = Open for another purpose
find-hint = The search is written to the log
find-record = Record
find-empty-next = Check every character. Destroyed records cannot be found.
find-count = { $count ->
        [one] { $count } record found
       *[other] { $count } records found
    }
request-kind = What about
request-step = What to do
requests-none = There are no requests.
request-do-verified = Identity checked
request-do-confirmed = Accept
request-do-completed = Carry out now
request-do-refused = Refuse

## Console: letters, evidence, log, keys, operators, notices

outbox-to = To
outbox-open-lead = Each opened letter is recorded, and the person sees the look.
outbox-open-all = Open the letters
outbox-closed = The letter stays closed: there is no ground or the record is gone
evidence-obligation = Obligation
log-check = Check the whole log
log-check-sound = The whole log was checked: no discrepancy.
log-check-broken = The log has discrepancies
log-older = Earlier
log-newer = Later
keys-empty = There are no keys.
key-role = Role of the key
key-purposes = Only for these purposes
key-purposes-hint = Nothing ticked: for all purposes of the role
key-active = active
key-revoked = revoked
operator-active = active
operator-pending = setting up
operator-revoked = revoked
operator-suspended = suspended
operator-suspend = Suspend
operator-resume = Let in again
operator-revoke = Revoke for good
operator-link-make = Make a link
notices-version = Version
notices-published-at = Published
notices-coming = not in force yet
notices-none = There are no versions.
notices-how = A version is published on the server:

## Errors of the console and the interface

error-login-invalid = A login has up to 64 Latin letters, digits, dots, hyphens and underscores. Remove the other characters.
error-login-taken = This login is taken. Choose another one.
error-password-short = The password needs at least { $limit } characters. Add some words.
error-password-long = The password is too long. Shorten it.
error-request-transition = A request in this state cannot take that step. Reload the page: a request that was not verified cannot be carried out.
error-request-kind-unknown = There is no such kind of request. Choose one from the list.
error-contact-of-several = Several records hold this contact. Name the subject_id.
error-not-integrated = The entry is not in the log yet. Try again in a few seconds.
