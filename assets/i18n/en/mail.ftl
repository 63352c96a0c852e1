### Letters: a subject and a body each. No personal data in either.
### After the body come mail-footer and, where the clock is rehearsed, mail-rehearsal.

## Letters. No personal data in any of them: no name, no value, no content of an enquiry.

# $company, $mailbox: the controller; $link: where to act; $not_me_link: the entry is not mine; $code: one-time code; $date, $time, $number: plain text

mail-footer =

    This letter holds no personal data. We never ask for a password or a copy of a document.
    { $company }, { $mailbox }

mail-rehearsal = REHEARSAL. This letter has no legal force.

mail-draft = The Kazakh text of this letter is a draft until a native reviewer has read it.

## Sign-in code

mail-sign-in-code-subject = Code to sign in: { $company }

mail-sign-in-code-body =
    Your code: { $code }

    Type it on the sign-in page. It works for { $minutes } min and only once.

    If you did not ask for it, do nothing: without the code nobody can sign in. If you never dealt with us, open: { $not_me_link }

## A contact to confirm

mail-contact-confirmation-subject = Confirm your address: { $company }

mail-contact-confirmation-body =
    This address was given in a form of { $company }.

    If it was you, confirm the address: { $link }

    Until then we send nothing else here. If it was not you, open: { $not_me_link }
    We then stop using the entry and destroy it.

## A contact was replaced; goes to the old one

mail-contact-changed-subject = Your contact is being replaced: { $company }

mail-contact-changed-body =
    In the account another contact was named instead of this one.

    If it was you, do nothing. If it was not, object by { $date }: { $not_me_link }
    Then this contact stays.

## Consent given

mail-consent-given-subject = Your consent: { $company }

mail-consent-given-body =
    A consent was given to { $company }. Number: { $number }.

    What you agreed to, until when, and how to withdraw it: { $link }

    If it was not you, open: { $not_me_link }

## Withdrawal done

mail-withdrawal-done-subject = Consent is withdrawn: { $company }

mail-withdrawal-done-body =
    Your withdrawal took effect on { $date } at { $time }. Use of the data has stopped.

    What stopped, and the receipt: { $link }

    If it was not you, open: { $not_me_link }

## Data changed

mail-data-changed-subject = Your data were changed: { $company }

mail-data-changed-body =
    On { $date } data about you were changed or deleted. The old values are destroyed.

    What changed: { $link }

    If it was not you, open: { $not_me_link }

## Erasure done; the last letter to this address, which is destroyed after it

mail-erasure-done-subject = Your data are destroyed: { $company }

mail-erasure-done-body =
    On { $date } everything { $company } held about you was destroyed. This address is destroyed with it: no more letters will come.

    Destruction receipt number: { $number }. How to check it: { $link }

## New sign-in

mail-new-sign-in-subject = A sign-in to your account: { $company }

mail-new-sign-in-body =
    Somebody signed in to your account on { $date } at { $time }.

    If it was you, do nothing. If it was not, open: { $not_me_link }
    All sign-ins end at once.

## "This was not me" has been carried out

mail-not-me-done-subject = We stopped: { $company }

mail-not-me-done-body =
    You told us that it was not you. The entry is no longer used and is destroyed by { $date }.

    You need do nothing more.

## A request was received

mail-request-received-subject = Request { $number } received: { $company }

mail-request-received-body =
    We received your request { $number }. You get the answer by { $date }.

    How it is going: { $link }

    If it was not you, open: { $not_me_link }

## A request was answered

mail-request-answered-subject = Answer to request { $number }: { $company }

mail-request-answered-body =
    The answer to your request { $number } is ready: { $link }

    If it does not satisfy you, it says where to appeal.

    If it was not you, open: { $not_me_link }

## A new version of the policy

mail-notice-changed-subject = The policy has changed: { $company }

mail-notice-changed-body =
    From { $date } version { $version } of the policy is in force. Your consents do not become wider.

    What changed, and how to disagree: { $link }

    If this is not your consent, open: { $not_me_link }

## Consent ends soon or has ended

mail-consent-expired-subject = Your consent has ended: { $company }

mail-consent-expired-body =
    A consent of yours ended on { $date }. The data it covered are no longer used and are being destroyed.

    Which consent: { $link }

    If this is not your consent, open: { $not_me_link }
