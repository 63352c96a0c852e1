### Letters: a subject and a body each. No personal data in either.
### After the body come mail-footer and, where the clock is rehearsed, mail-rehearsal.
### DRAFT (жоба) until a native reviewer has read it.

## Letters. No personal data in any of them: no name, no value, no content of an enquiry.

# $company, $mailbox: the controller; $link: where to act; $not_me_link: the entry is not mine; $code: one-time code; $date, $time, $number: plain text

mail-footer =

    Бұл хатта дербес деректер жоқ. Біз ешқашан құпиясөз бен құжат көшірмесін сұрамаймыз.
    { $company }, { $mailbox }

mail-rehearsal = РЕПЕТИЦИЯ. Бұл хаттың заңды күші жоқ.

mail-draft = Бұл хаттың қазақша мәтіні – жоба: оны тіл иесі әлі оқып шыққан жоқ.

## Sign-in code

mail-sign-in-code-subject = Кіру коды: { $company }

mail-sign-in-code-body =
    Сіздің кодыңыз: { $code }

    Оны кіру бетінде енгізіңіз. Ол { $minutes } мин ішінде және бір рет қана жарамды.

    Сұрамаған болсаңыз, ештеңе істемеңіз: кодсыз ешкім кіре алмайды. Бізге жүгінбеген болсаңыз, ашыңыз: { $not_me_link }

## A contact to confirm

mail-contact-confirmation-subject = Мекенжайыңызды растаңыз: { $company }

mail-contact-confirmation-body =
    Бұл мекенжайды { $company } нысанында көрсетті.

    Бұл сіз болсаңыз, мекенжайды растаңыз: { $link }

    Расталғанға дейін мұнда басқа ештеңе жібермейміз. Бұл сіз болмасаңыз, ашыңыз: { $not_me_link }
    Сонда бұл жазбаны пайдалануды тоқтатып, жоямыз.

## A contact was replaced; goes to the old one

mail-contact-changed-subject = Байланыс дерегіңіз ауыстырылып жатыр: { $company }

mail-contact-changed-body =
    Жеке кабинетте осы байланыстың орнына басқасы көрсетілді.

    Бұл сіз болсаңыз, ештеңе істемеңіз. Сіз болмасаңыз, қарсылық білдіріңіз, мерзімі { $date }: { $not_me_link }
    Сонда бұл байланыс өзгеріссіз қалады.

## Consent given

mail-consent-given-subject = Сіздің келісіміңіз: { $company }

mail-consent-given-body =
    { $company } үшін келісім берілді. Нөмірі: { $number }.

    Неге келіскеніңіз, қай күнге дейін және оны қалай кері қайтарып алуға болады: { $link }

    Бұл сіз болмасаңыз, ашыңыз: { $not_me_link }

## Withdrawal done

mail-withdrawal-done-subject = Келісім кері қайтарып алынды: { $company }

mail-withdrawal-done-body =
    Кері қайтарып алу күшіне енді: { $date }, { $time }. Деректерді пайдалану тоқтатылды.

    Нақты не тоқтатылғаны және түбіртек: { $link }

    Бұл сіз болмасаңыз, ашыңыз: { $not_me_link }

## Data changed

mail-data-changed-subject = Деректеріңіз өзгертілді: { $company }

mail-data-changed-body =
    Сіз туралы деректер өзгертілді немесе өшірілді, күні: { $date }. Ескі мәндер жойылды.

    Не өзгергені: { $link }

    Бұл сіз болмасаңыз, ашыңыз: { $not_me_link }

## Erasure done; the last letter to this address, which is destroyed after it

mail-erasure-done-subject = Деректеріңіз жойылды: { $company }

mail-erasure-done-body =
    { $company } сіз туралы сақтаған барлық нәрсе жойылды, күні: { $date }. Бұл мекенжай да жойылады: енді хат келмейді.

    Жою туралы түбіртектің нөмірі: { $number }. Оны қалай тексеруге болады: { $link }

## New sign-in

mail-new-sign-in-subject = Кабинетіңізге кірді: { $company }

mail-new-sign-in-body =
    Жеке кабинетіңізге кірді: { $date }, { $time }.

    Бұл сіз болсаңыз, ештеңе істемеңіз. Сіз болмасаңыз, ашыңыз: { $not_me_link }
    Барлық кіру бірден тоқтатылады.

## "This was not me" has been carried out

mail-not-me-done-subject = Біз тоқтадық: { $company }

mail-not-me-done-body =
    Бұл сіз емес екеніңізді хабарладыңыз. Жазба енді пайдаланылмайды, оны жою мерзімі: { $date }.

    Басқа ештеңе істеудің қажеті жоқ.

## A request was received

mail-request-received-subject = { $number } өтініші алынды: { $company }

mail-request-received-body =
    { $number } өтінішіңізді алдық. Жауап беру мерзімі: { $date }.

    Барысы: { $link }

    Бұл сіз болмасаңыз, ашыңыз: { $not_me_link }

## A request was answered

mail-request-answered-subject = { $number } өтінішіне жауап: { $company }

mail-request-answered-body =
    { $number } өтінішіңізге жауап дайын: { $link }

    Ол сізді қанағаттандырмаса, қайда шағымдануға болатыны жауапта айтылған.

    Жүгінген сіз болмасаңыз, ашыңыз: { $not_me_link }

## A new version of the policy

mail-notice-changed-subject = Саясат өзгерді: { $company }

mail-notice-changed-body =
    Саясаттың { $version } редакциясы қолданыла бастайды, күні: { $date }. Келісімдеріңіз бұдан кеңеймейді.

    Не өзгергені және қалай келіспеуге болатыны: { $link }

    Бұл келісім сіздікі болмаса, ашыңыз: { $not_me_link }

## Consent ends soon or has ended

mail-consent-expired-subject = Келісіміңіздің мерзімі аяқталды: { $company }

mail-consent-expired-body =
    Келісіміңіздің мерзімі аяқталды, күні: { $date }. Ол бойынша деректер енді пайдаланылмайды және жойылады.

    Қай келісім: { $link }

    Бұл келісім сіздікі болмаса, ашыңыз: { $not_me_link }
