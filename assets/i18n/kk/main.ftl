### Words of every page. Same keys in ru, kk and en; grouped by page.
### DRAFT (жоба) until a native reviewer has read it. Nouns stay singular after numerals.

## Site shell, on every page

# $company: the controller's published name

site-title = Дербес деректер: { $company }
site-skip-link = Негізгі мәтінге өту
site-language-switch = Тіл
site-language-ru = РУС
site-language-kk = ҚАЗ
site-language-en = ENG
site-language-name-ru = Русский
site-language-name-kk = Қазақша
site-language-name-en = English
site-nav-label = Негізгі бөлімдер
site-nav-home = Деректеріңіз
site-nav-policy = Саясат
site-nav-partners = Серіктестер
site-nav-account = Жеке кабинет
site-nav-verify = Түбіртекті тексеру
site-nav-cookies = Cookies
site-nav-evidence = Дәлелдер
site-nav-comments = Пікірлер
site-sign-in = Кіру
site-sign-out = Шығу
site-back = Артқа
site-back-home = Басты бетке
site-footer-controller = { $company }, БСН { $bin }. { $address }
site-footer-contact = Деректеріңіз туралы сұрақтар: { $mailbox }
site-footer-responsible = Өңдеуді ұйымдастыруға жауапты тұлға: { $name }
site-footer-security = Қауіпсіздік мәселесі туралы хабарлау
site-footer-built-with = Senim негізінде жұмыс істейді
site-rehearsal = РЕПЕТИЦИЯ. Бұл көшірменің сағаты қолмен қойылған. Мұндағы ештеңенің заңды күші жоқ.
site-draft-mark = жоба
site-draft-note = Қазақша мәтінді тіл иесі әлі оқып шыққан жоқ. Оқылғанға дейін ол жоба болып саналады.
site-yes = Иә
site-no = Жоқ
site-none = Жоқ
site-not-given = берілген жоқ
site-optional = (міндетті емес)
site-required = міндетті
site-continue = Жалғастыру
site-save = Сақтау
site-cancel = Болдырмау
site-change = Өзгерту
site-download = Жүктеп алу
site-print = Басып шығару
site-why = Неліктен?
site-details = Толығырақ
site-next-page = Келесі бет
site-previous-page = Алдыңғы бет
site-print-no-values = Басып шығарылған бетте мәндер көрсетілмейді (11.5-тармақ). Оларды алу үшін деректерді жүктеп алыңыз.

## The seal beside anything that can be proven

seal-title = Дәлел { $number }
seal-verified = Осы бетте жаңа ғана тексерілді
seal-pending = Жазылды, ашық журналға әлі енген жоқ
seal-broken = Тексеруден өтпеді
seal-open = Дәлелді ашу

## Dates, terms and units

# $day, $year: numbers as text; $month: one of date-month-N; $weekday: one of date-weekday-N (1 is Monday)

date-long = { $year } ж. { $day } { $month }
date-long-weekday = { $year } ж. { $day } { $month }, { $weekday }
date-by = мерзімі: { $date }
date-from = басталуы: { $date }
date-at-time = { $date }, { $time }
date-zone = Алматы уақыты, UTC+5
date-as-of = { $date } күнгі
date-month-1 = қаңтар
date-month-2 = ақпан
date-month-3 = наурыз
date-month-4 = сәуір
date-month-5 = мамыр
date-month-6 = маусым
date-month-7 = шілде
date-month-8 = тамыз
date-month-9 = қыркүйек
date-month-10 = қазан
date-month-11 = қараша
date-month-12 = желтоқсан
date-weekday-1 = дүйсенбі
date-weekday-2 = сейсенбі
date-weekday-3 = сәрсенбі
date-weekday-4 = бейсенбі
date-weekday-5 = жұма
date-weekday-6 = сенбі
date-weekday-7 = жексенбі
# $count: a number

unit-working-days = { $count } жұмыс күні
unit-calendar-days = { $count } күнтізбелік күн
unit-months = { $count } ай
unit-hours = { $count } сағат
unit-minutes = { $count } минут
date-remaining-working-days = { $count ->
        [0] бүгін соңғы күн
       *[other] { $count } жұмыс күні қалды
    }
date-overdue-working-days = { $count } жұмыс күніне кешікті
date-estimate = Болжам: сол жылдың күнтізбесі әлі жарияланған жоқ.
deadline-title = Бұл күн қалай есептелді
deadline-source-clause = Саясат, { $clause }-тармақ
deadline-source-law = Қазақстан Республикасының Заңы
deadline-source-gdpr = GDPR
deadline-effective = Осы мерзім қолданылады: ол ең қатаңы.
deadline-calendar = Өндірістік күнтізбе { $version }

## Privacy centre, /

home-title = Сіздің дербес деректеріңіз
home-lead = Мұнда { $company } сіз туралы не сақтайтынын көре аласыз. Бұл деректерді түзетуге, пайдалануын тоқтатуға немесе жоюға болады. Бұл тегін.
home-see = Не сақталатынын көру
home-see-text = Әр мән, ол қайдан алынған және оны кім қараған.
home-correct = Түзету
home-correct-text = Кез келген мәнді өзгертіңіз немесе өшіріңіз. Не өзгергенін хабарлаймыз.
home-restrict = Бұғаттау
home-restrict-text = Деректер заңсыз алынды немесе пайдаланылды деп есептесеңіз, тексеру уақытында оларды жабамыз.
home-withdraw = Келісімді кері қайтарып алу
home-withdraw-text = Толығымен немесе бір мақсат бойынша. Бірден күшіне енеді.
home-erase = Бәрін өшіру
home-erase-text = Алдымен салдарын көресіз. Содан кейін деректер жойылады және түбіртек аласыз.
home-more = Мұнда тағы бар
home-policy = Саясатты оқу
home-partners = Серіктестерді көру
home-verify = Түбіртекті тексеру
home-forms = Нысандар
home-write = { $mailbox } мекенжайына жазуға да болады. «Дербес деректерді нақтылау» немесе «Дербес деректерді өңдеуді тоқтату» тақырыбы, мекенжайыңыз және талабыңыз жеткілікті.

## Policy, /policy, its versions and differences

policy-title = Дербес деректерді өңдеу саясаты
policy-version = { $version } редакциясы
policy-effective = Қолданыла бастаған күні: { $date }
policy-effective-until = Қолданылған мерзімі: { $from } – { $until }
policy-not-yet = Бұл редакция әлі күшіне енген жоқ.
policy-sha256 = SHA-256 бақылау сомасы
policy-raw = Жарияланған файлды жүктеп алу
policy-raw-hint = Файл жарияланған нұсқамен байтына дейін бірдей.
policy-contents = Тармақтар
policy-clause = { $clause }-тармақ
policy-clause-link = { $clause }-тармаққа сілтеме
policy-clause-proof = Бұл тармақ қалай орындалады
policy-versions = Барлық редакциялар
policy-versions-lead = Келісіміңіз сіз көрген редакциямен байланысты. Бәрі осында қалады.
policy-diff = Айырмашылықтар
policy-diff-title = Не өзгерді: { $old } → { $new }
policy-diff-added = Қосылды
policy-diff-removed = Алынып тасталды
policy-diff-changed = Өзгертілді
policy-diff-none = Бұл редакциялар арасында айырмашылық жоқ.
policy-current = қолданыста
policy-archived = бұрынғы
policy-languages = Жарияланған тілдер: { $languages }
policy-only-ru = Тек орыс тілінде жарияланған; бұл бетте орысша мәтін көрсетілген.
policy-translation-draft = Аударманың жобасы. Ол оқуға көмектеседі және ешкімді міндеттемейді: келісім жарияланған мәтінге қатысты.
policy-findings = Осы мәтіннен табылған қайшылықтар
policy-findings-lead = Жарияланған мәтінді өзгертпейміз. Қайшылық болған жерде ең қатаң түсінік қолданылады.

## A new version of the policy, shown at sign-in or submission (clause 20)

policy-new-title = Саясат өзгерді
policy-new-lead = { $date } бастап { $version } редакциясы қолданылады. Өзгерістер төменде.
policy-new-effect = Жалғастырсаңыз, осы мәтінді қабылдағаныңызды жазамыз. Келісімдеріңіз бұдан кеңеймейді: жаңаның бәріне жаңа белгі керек.
policy-new-accept = Жаңа редакциямен жалғастыру
policy-new-disagree = Келіспеймін
policy-new-disagree-hint = Барлық келісіміңіз кері қайтарылып алынады, деректерді жою басталады және кабинеттен шығасыз.

## Partners, /partners

partners-title = Деректеріңізді ала алатын серіктестер
partners-lead = Тізімде жоқ тұлға деректер ала алмайды. Әр беруге сіздің бөлек келісіміңіз де керек.
partners-empty = Серіктестер жоқ. Деректеріңіз ешкімге берілмейді.
partners-name = Серіктес
partners-bin = БСН
partners-country = Ел
partners-purposes = Не үшін
partners-data = Қандай деректер
partners-since = Жарияланған күні
partners-feed = Өзгерістер таспасы
partners-as-of = Тізім { $date } күнгі жағдай бойынша

## Forms, /f/{form}

form-consultation-title = Кеңес алу
form-consultation-lead = Сізбен қалай байланысуға болатынын және сұрағыңызды жазыңыз. Біз хабарласамыз.
form-consultation-button = Кеңес сұрау
form-booking-title = Қабылдауға жазылу
form-booking-lead = Сізге не керегін жазыңыз. Уақытын сізбен нақтылаймыз.
form-booking-button = Жазылу
form-order-title = Тапсырыс
form-order-lead = Не тапсырыс беретініңізді жазыңыз. Жұмысты бастамас бұрын хабарласамыз.
form-order-button = Тапсырысты жіберу
form-registration-title = Тіркелу
form-registration-lead = Біз тіркелгі жасаймыз. Оған кез келген уақытта кіруге және оны өшіруге болады.
form-registration-button = Тіркелу
form-check-button = Жауаптарды тексеру
form-nothing-stored = Соңғы батырма басылғанға дейін ештеңе сақталмайды. Кетсеңіз, сіз туралы ештеңе қалмайды.
form-required-note = «Міндетті емес» белгісі жоқ өрістерді толтыру қажет.
form-no-scans = Жеке басты куәландыратын құжаттардың көшірмесін жібермеңіз. Оларды жинауға заң тыйым салады.

## Fields: label and hint

field-surname = Тегі
field-surname-hint = Құжаттағыдай
field-given-name = Аты
field-given-name-hint = Құжаттағыдай. Атыңыз біреу ғана болса, осында жазыңыз.
field-patronymic = Әкесінің аты
field-patronymic-hint = Құжатта көрсетілсе ғана
field-iin = ЖСН
field-iin-hint = Жеке куәліктегі 12 сан
field-registered-address = Тұрғылықты жері бойынша тіркелген мекенжайы
field-registered-address-hint = Қала, көше, үй, пәтер. Индекс қажет емес.
field-email = Электрондық пошта мекенжайы
field-email-hint = Мысалы, name@example.kz
field-phone = Телефон нөмірі
field-phone-hint = Қазақстандық нөмір, мысалы +7 701 123 45 67
field-message = Сұрағыңыз не туралы?
field-message-hint = { $limit } таңбаға дейін. Денсаулық, діни сенім және басқа адамдар туралы жазбаңыз.
field-preferences = Сізді не қызықтырады
field-preferences-hint = Қалаулар бойынша жарнамаға рұқсат берсеңіз ғана пайдаланылады
field-adult = Маған 18 жас толды және мен әрекетке қабілеттімін
field-adult-hint = 18 жасқа толмаған адамдардың деректерін, соның ішінде ата-анасынан да, қабылдамаймыз.

## Consent text before the button

# $company, $bin, $address: the controller; $date: the end of a term, written out

consent-title = Дербес деректерді жинауға және өңдеуге келісім
consent-lead = Оқып шығып, тек келісетініңізді белгілеңіз.
consent-who = Кімге
consent-who-text = { $company }, БСН { $bin }, { $address }
consent-what = Қандай деректер
consent-why = Не үшін және қай күнге дейін
consent-until = Ең соңғы күні: { $date }
consent-required = Осы нысан үшін қажет
consent-optional = Тек қаласаңыз. Бұл белгілерсіз де нысан дәл солай жұмыс істейді.
consent-to-whom = Үшінші тұлғаларға беру
consent-to-whom-none = Жоқ. Деректеріңіз ешкімге берілмейді.
consent-to-whom-tick = Аталған деректерді мына алушыға беруге келісемін: { $recipient }
consent-cross-border = Трансшекаралық беру
consent-cross-border-none = Жоқ. Деректер Қазақстан Республикасында қалады.
consent-publication = Жалпыға қолжетімді көздерде тарату
consent-publication-none = Жоқ. Тек өзіңіз жариялаған нәрсе ғана көпшілікке ашық болады.
consent-withdraw = Қалай кері қайтарып алуға болады
consent-withdraw-text = Кез келген уақытта, толығымен немесе бір мақсат бойынша: жеке кабинетте немесе { $mailbox } мекенжайына хатпен. Себебін түсіндіру қажет емес. Деректерді пайдалану бірден тоқтайды.
consent-notice = Келісім саясаттың { $version } редакциясымен байланысты.
consent-button-note = «{ $button }» батырмасын басу арқылы жоғарыда белгіленгенге келісім бересіз.
consent-refuse = Келіспеймін, шығу

## Purposes (clause 8): title, one sentence, the event that ends each

purpose-p8-1-title = Сайттағы тіркелгі
purpose-p8-1-text = Тіркелгі жасаймыз және кірген кезде сізді танимыз.
purpose-p8-1-end = Сіз тіркелгіні өшіргенде аяқталады.
purpose-p8-2-title = Өтініміңізге жауап
purpose-p8-2-text = Өтінім бойынша сізбен байланысамыз, кеңес береміз және оны орындаймыз.
purpose-p8-2-end = Өтінім орындалғанда немесе сіз одан бас тартқанда аяқталады.
purpose-p8-3-title = Серіктестегі тіркелгі
purpose-p8-3-text = Сіз таңдаған серіктестің сайтында қолжетімділік ашамыз.
purpose-p8-3-end = Қолжетімділік ашылғанда немесе сіз одан бас тартқанда аяқталады.
purpose-p8-4-title = Ақпараттық хабарламалар
purpose-p8-4-text = Сіз пайдаланатын қызметтердің жұмысы туралы хабарлаймыз.
purpose-p8-4-end = Сіз жазылудан бас тартқанда немесе қызметті пайдалануды тоқтатқанда аяқталады.
purpose-p8-5-title = Қалауларыңыз бойынша жарнама
purpose-p8-5-text = Қызығушылықтарыңыз туралы айтқаныңызға қарай ұсыныстар таңдаймыз. Байланыс деректері расталғаннан кейін ғана басталады.
purpose-p8-5-end = Сіз жарнамадан бас тартқанда аяқталады.
purpose-p8-6-title = Сайттың жұмысын бағалау
purpose-p8-6-text = Сайттың қай жері ыңғайсыз екенін қараймыз.
purpose-p8-6-end = Кезең бойынша есеп дайын болғанда аяқталады.
purpose-p8-7-title = Жарнама статистикасы
purpose-p8-7-text = Қай жарнама нәтиже беретінін тек иесіздендірілген деректермен есептейміз.
purpose-p8-7-end = Деректер қайтымсыз иесіздендірілгенде аяқталады.
purpose-p8-8-title = Акциялар мен жеңілдіктер
purpose-p8-8-text = Олар туралы өзіңіз таңдағандай, электрондық пошта немесе телефон арқылы хабарлаймыз. Байланыс деректері расталғаннан кейін ғана басталады.
purpose-p8-8-end = Сіз жазылудан бас тартқанда аяқталады.
purpose-p8-9-title = Маркетингтік зерттеулер
purpose-p8-9-text = Мердігер сіз туралы деректерді емес, тек қайтымсыз иесіздендірілген деректерді алады.
purpose-p8-9-end = Зерттеуге арналған жиынтық иесіздендірілгенде аяқталады.
purpose-p8-10-title = Кредит туралы банкпен келіссөз
purpose-p8-10-text = Өтініміңізді бөлек келісімде өзіңіз атаған банкке береміз және жауабын сізге хабарлаймыз.
purpose-p8-10-end = Банк шешім қабылдағанда немесе сіз өтінімді қайтарып алғанда аяқталады.
purpose-rights-title = Сіздің құқықтарыңыз
purpose-rights-text = Өтініштеріңізге жауап береміз және заң талап ететін жазбаларды жүргіземіз.
purpose-rights-end = Өтінішке жауап беріліп, заңда белгіленген мерзім өткенде аяқталады.

## Categories of data (clause 5)

category-surname = Тегі
category-given-name = Аты
category-patronymic = Әкесінің аты
category-iin = ЖСН
category-registered-address = Тіркелген мекенжайы
category-email = Электрондық пошта мекенжайы
category-phone = Телефон нөмірі
category-user-id = Тіркелгі идентификаторы
category-message = Өтінім мәтіні
category-preferences = Қалаулар
category-published-content = Жарияланған мәтіндер
category-correspondence = Хат алмасу және жазбалар
category-credit-application = Кредитке өтінім
category-credit-decision = Кредит бойынша шешім
category-representative = Өкіл және өкілеттік негізі
category-device-visit = Құрылғы және сайтқа кіру деректері

## Operations with data (the closed list of clause 1)

operation-collection = Жинау
operation-receipt = Алу
operation-recording = Жазу
operation-systematisation = Жүйелеу
operation-accumulation = Жинақтау
operation-storage = Сақтау
operation-rectification = Нақтылау
operation-retrieval = Шығарып алу
operation-use = Пайдалану
operation-distribution = Беру: тарату
operation-provision = Беру: ұсыну
operation-access = Беру: қолжетімді ету
operation-anonymisation = Иесіздендіру
operation-restriction = Бұғаттау
operation-deletion = Өшіру
operation-destruction = Жою
# Parts of a consent that can be withdrawn separately and are no operation of clause 1

operation-processing = Өңдеу
operation-publication = Жариялау
operation-transfer = Үшінші тұлғаларға беру
operation-cross-border = Трансшекаралық беру

## Who acted, and how a value came to us

role-subject = сіз
role-representative = өкіліңіз
role-system = жүйе, автоматты түрде
role-intake = өтінімдерді қабылдау
role-service = қызмет көрсету
role-marketing = маркетинг
role-research = зерттеулер
role-bank-desk = банктермен байланыс
role-dpo = өңдеуге жауапты тұлға
role-auditor = аудитор
role-admin = әкімші
principal-self = сіз
principal-data-subject = адамның өзі
principal-operator = қызметкер
principal-api-key = компания жүйесі
principal-visitor = кірмеген келуші
principal-system = жүйе, автоматты түрде
source-form = сайттағы нысан
source-account = жеке кабинет
source-api = компания жүйесі
source-email = электрондық хат
source-phone = телефон қоңырауы
source-paper = қағаз
source-import = бұрынғы жүйе

## Errors: the summary above a form

error-summary-title = Қате бар
error-summary-lead = Түзетіп, қайта жіберіңіз. Енгізгеніңіз осы бетте сақталды.
error-prefix = Қате:
error-page-title-prefix = Қате: { $title }
error-rule = Ереже: саясаттың { $clause }-тармағы
error-code = Коды: { $code }

## Errors: one per violation code, error-<code>: the rule and what to do next

# $field: the field's label; $limit: a number of characters; $purpose, $category, $recipient: their names; $date: written out

error-undeclared-field = Бұл нысан «{ $field }» өрісін қабылдамайды. Оны алып тастап, қайта жіберіңіз.
error-missing-field = «{ $field }» өрісінсіз бұл нысанды орындау мүмкін емес. Оны толтырыңыз.
error-iin-check-digit = ЖСН соңғы саны қалғандарымен сәйкес келмейді. Барлық 12 санды жеке куәлікпен салыстырыңыз.
error-iin-length = ЖСН 12 саннан тұрады. Бос орынсыз және әріпсіз тек сандарды енгізіңіз.
error-under-18 = Деректерді тек 18 жасқа толған адамдардан қабылдаймыз. Ештеңе сақталған жоқ.
error-under-age = Деректерді тек 18 жасқа толған адамдардан қабылдаймыз. Ештеңе сақталған жоқ.
error-adult-not-declared = Деректерді тек 18 жасқа толған, әрекетке қабілетті адам жібере алады. Солай болса, белгі қойыңыз.
error-phone-invalid = Бұл толық телефон нөмірі емес. Былай енгізіңіз: +7 701 123 45 67.
error-phone-foreign = Бұл нысан тек қазақстандық нөмірлерді қабылдайды. Басқа нөмір көрсетіңіз немесе { $mailbox } мекенжайына жазыңыз.
error-email-invalid = Бұл толық электрондық пошта мекенжайы емес. Былай енгізіңіз: name@example.kz.
error-name-invalid = «{ $field }» өрісіне әріп, дефис, апостроф және бос орын жазуға болады. Басқа таңбаларды алып тастаңыз.
error-bin-check-digit = БСН соңғы саны қалғандарымен сәйкес келмейді. Барлық 12 санды тексеріңіз.
error-text-too-long = «{ $field }» өрісіне { $limit } таңбаға дейін сыяды. Мәтінді қысқартыңыз.
error-notice-outdated = Нысанды толтырып жатқанда саясат өзгерді. Жаңа редакцияны оқып, келісімді қайта беріңіз.
error-purpose-unknown = Саясатта мұндай мақсат жоқ. Бетті жаңартып, қайта таңдаңыз.
error-purpose-required = «{ $purpose }» мақсатына келісімсіз бұл нысанды орындау мүмкін емес. Оны белгілеңіз немесе кетіңіз: ештеңе сақталмайды.
error-consent-missing = «{ $purpose }» мақсатына келісім жоқ. Алдымен адамнан келісім алыңыз.
error-consent-withdrawn = «{ $purpose }» мақсатына келісім кері қайтарып алынған: { $date }. Деректерді ол үшін пайдалануға болмайды. Жаңа келісімді тек адамның өзі бере алады.
error-consent-expired = «{ $purpose }» мақсатына келісімнің мерзімі аяқталған: { $date }. Жаңасын сұраңыз.
error-purpose-not-of-role = Сіздің рөліңіз «{ $purpose }» мақсатымен жұмыс істемейді. Өз рөліңіздің мақсатын таңдаңыз немесе тапсырманы әріптесіңізге беріңіз.
error-operation-not-of-role = Сіздің рөліңізге бұл әрекетке рұқсат жоқ. Тапсырманы рұқсаты бар әріптесіңізге беріңіз.
error-category-not-for-purpose = «{ $category }» «{ $purpose }» мақсаты үшін қажет емес. Бұл санатты алып тастаңыз.
error-category-unknown = Саясатта мұндай деректер санаты жоқ. Тізімнен таңдаңыз.
error-subject-restricted = Бұл деректер бұғатталған. Бұғаттау алынбайынша оларды пайдалануға болмайды; оларды тек адамның өзі көре алады.
error-restriction-active = Бұғаттау қолданыста болғанда бұл мүмкін емес. Алдымен дауды шешіп, бұғаттауды алып тастаңыз.
error-subject-erased = Бұл деректер жойылды: { $date }. Оларды қайтару мүмкін емес.
error-contact-unproven = Бұл жазбадағы байланыс расталмаған. Оны тек адамның өзі растай алады: ол хаттағы кодпен кабинетке кіреді.
error-recipient-unpublished = «{ $recipient }» жарияланған серіктестер тізімінде жоқ, оған деректер беруге болмайды. Алдымен оны жариялаңыз.
error-recipient-not-consented = Адам «{ $recipient }» алушысына беруге рұқсат бермеген. Бөлек келісім сұраңыз.
error-recipient-undertaking = «{ $recipient }» алушысының міндеттемесі жоқ немесе мерзімі өткен. Алдымен оны жаңартыңыз.
error-recipient-suspended = «{ $recipient }» алушысына деректер беру ережемен тоқтатылған. Ереже аяқталғанда ғана беруге болады.
error-rule-without-pattern = Кемінде бір шартты көрсетіңіз: шартсыз ереже барлық жазбаға қатысты болар еді.
error-rule-destroys-later = Тұрақты ереже жоя алмайды. Артық деректі нысанда-ақ қабылдамаңыз.
error-rule-not-standing = Бұл ереже енді қолданылмайды немесе тұрақты болмаған.
error-storage-period-invalid = Сақтау мерзімі — бүтін сан және s, h немесе d, мысалы 30d.
error-cross-border = Деректер Қазақстан Республикасынан шығарылмауы тиіс. Базасы осында орналасқан алушыны таңдаңыз.
error-research-not-anonymised = Зерттеулер үшін тек қайтымсыз иесіздендірілген деректерді беруге болады. Алдымен жиынтықты иесіздендіріп, тексеруден өткізіңіз.
error-role-unknown = Саясатта мұндай рөл жоқ. Тізімнен таңдаңыз.
error-representative-unproven = Өкілдің өкілеттігі көрсетілмеген немесе аяқталған. Қолданыстағы құжатты көрсетіңіз.
error-obligation-open = Бұл мақсат бойынша орындалмаған міндеттеме бар. Ол аяқталатын күн: { $date }; қалғанының бәрі тоқтатылды.
error-enquiry-transition = Өтінімнің қазіргі күйінде бұл қадам мүмкін емес. Бетті жаңартып, күйін қараңыз.
error-form-unknown = Мұндай өтінім формасы жоқ. Өтінім ашатын форманың кодын көрсетіңіз.
error-operator-last = Бұл басқаларды кіргізе алатын соңғы қызметкер. Алдымен бұл рөлді тағы біреуге беріңіз немесе қолжетімділікті серверде жабыңыз: senim operator revoke.
error-operator-transition = Бұл тіркелгімен енді олай істеуге болмайды. Бетті жаңартыңыз.
error-field-repeated = «{ $field }» өрісі екі рет келді. Оны бір рет жіберіңіз.
error-iin-kind = Бұл – ұйымның БСН. Адамның ЖСН енгізіңіз.
error-iin-century = ЖСН жетінші саны мүмкін емес. Барлық 12 санды жеке куәлікпен салыстырыңыз.
error-iin-birth-date = ЖСН алғашқы 6 саны туған күнге сәйкес емес. Барлық 12 санды жеке куәлікпен салыстырыңыз.
error-bin-length = БСН 12 саннан тұрады. Тек сандарды енгізіңіз.
error-bin-kind = Бұл ұйымның БСН емес. Барлық 12 санды тексеріңіз.
error-bin-month = БСН үшінші және төртінші сандары айға сәйкес емес. Барлық 12 санды тексеріңіз.
error-email-too-long = Бұл электрондық пошта мекенжайы тым ұзын. Оны тексеріңіз немесе басқасын көрсетіңіз.
error-name-too-long = «{ $field }» өрісіне { $limit } таңбаға дейін сыяды. Оны қысқартыңыз.
error-iban-invalid = Бұл қазақстандық шот нөмірі емес. Ол KZ әріптерінен басталады және 20 таңбадан тұрады.
error-iban-check-digits = Шоттың бақылау сандары сәйкес емес. Барлық 20 таңбаны тексеріңіз.
error-text-empty = «{ $field }» өрісі бос. Оны толтырыңыз.
error-text-invalid = «{ $field }» өрісінде көрсетуге болмайтын таңбалар бар. Мәтінді қолмен енгізіңіз.
error-consent-invalidated = «{ $purpose }» мақсатына келісім жарамсыз деп танылған. Жаңасын сұраңыз.
error-consent-revoked = «{ $purpose }» мақсатына келісімді адамның өзі емес, басқа тарап тоқтатқан. Жаңасын сұраңыз.
error-principal-not-of-role = Бұл рөлді осы жерден пайдалануға болмайды. Рөл талап ететін жолмен кіріңіз.
error-not-own-data = Бұл басқа адамның деректері. Тек өзіңіздікін көруге және өзгертуге болады.
error-operation-not-for-purpose = «{ $purpose }» мақсатына бұл әрекет кірмейді. Басқа мақсатты таңдаңыз.
error-category-not-of-role = Сіздің рөліңізге «{ $category }» санаты көрінбейді. Оны алып тастаңыз немесе тапсырманы әріптесіңізге беріңіз.
error-category-not-for-recipient = «{ $recipient }» алушысына «{ $category }» санатын беруге болмайды. Оны алып тастаңыз.
error-recipient-missing = Беру үшін алушы керек. Оны атаңыз.
error-recipient-unknown = Тізілімде мұндай алушы жоқ. Тізімнен таңдаңыз.
error-recipient-not-for-purpose = «{ $recipient }» алушысы «{ $purpose }» мақсатына қатыспайды. Басқа алушыны немесе мақсатты таңдаңыз.
error-recipient-attestation = «{ $recipient }» алушысының қорғау шараларын растауы жоқ немесе мерзімі өткен. Алдымен оны жаңартыңыз.
error-gone = Бұл сұраудың деректері жойылған. Оларды қайта көрсету мүмкін емес.
error-conflict = Қазіргі күйде бұл мүмкін емес. Бетті жаңартып, не өзгергенін қараңыз.
error-body-too-large = Бір нысан үшін дерек тым көп. Мәтінді қысқартып, қайта жіберіңіз.
error-content-type = Сервер бұл пішімді қабылдамайды. Нысанды осы беттен немесе интерфейс арқылы JSON жіберіңіз.
error-malformed = Сұрау оқылмайды. Оның түрін интерфейс сипаттамасымен салыстырыңыз.
error-idempotency-mismatch = Бұл кілт басқа сұрау үшін пайдаланылған. Жаңа кілт алыңыз.
error-not-found = Мұндай бет немесе жазба жоқ. Мекенжайды тексеріңіз немесе басты бетке өтіңіз.
error-method-not-allowed = Бұл бет мұндай сұрауды қабылдамайды. Артқа қайтып, бет батырмаларын пайдаланыңыз.
error-forbidden = Сізге бұған рұқсат жоқ. Қажет болса, өңдеуге жауапты тұлғаға жүгініңіз.
error-unauthorized = Алдымен кіріңіз.
error-rate-limited = Әрекет тым көп. { $minutes } мин күтіп, қайталап көріңіз.
error-csrf = Бет тым ұзақ ашық тұрды немесе басқа сайттан келді. Оны жаңартып, қайта жіберіңіз.
error-session-expired = Біраз уақыт әрекет болмағандықтан кіру аяқталды. Қайта кіріңіз.
error-code-wrong = Код сәйкес келмеді. Оны хатпен салыстырыңыз; жаңасын сұрауға болады.
error-code-expired = Кодтың мерзімі өтті. Жаңасын сұраңыз.
error-secret-wrong = Бұл код ештеңе ашпайды. Әр таңбасын тексеріңіз; код түбіртегіңізде жазылған.
error-confirmation-mismatch = Сөз сәйкес емес. Оны көрсетілгендей дәл енгізіңіз.
error-password-weak = Құпиясөз тым қысқа немесе тым белгілі. Басқа жерде қолданбайтын кемінде { $limit } таңба алыңыз.
error-password-mismatch = Құпиясөздер сәйкес емес. Біреуін екі рет енгізіңіз.
error-login-wrong = Логин, құпиясөз немесе код қате. Үшеуін де тексеріңіз.
error-link-used = Сілтеме пайдаланылған немесе мерзімі өткен. Жаңасын сұраңыз.
error-storage-unavailable = Қазір ештеңе сақтай алмаймыз, сондықтан ештеңе қабылданған жоқ. Бірнеше минуттан кейін қайталап көріңіз.
error-disk-full = Жаңа деректерге қазір орын жоқ. Кері қайтарып алу, бұғаттау және жою жұмыс істейді. Қалғанын кейінірек байқап көріңіз.
error-log-unavailable = Журнал қазір қолжетімсіз, ал онсыз ештеңе жасалмайды. Бірнеше минуттан кейін қайталап көріңіз.
error-internal = Біздің жақта ақау болды; ештеңе сақталған жоқ. Қайталап көріңіз немесе { $mailbox } мекенжайына жазып, { $reference } нөмірін атаңыз.

## Check answers and confirmation

check-title = Жауаптарыңызды тексеріңіз
check-lead = Әзірге ештеңе сақталған жоқ. Бәрі дұрыс болса, батырманы басыңыз.
check-answers = Жауаптарыңыз
check-consents = Келісесіз
check-not-consented = Келіспейсіз
done-title = Өтініміңізді алдық
done-reference = Нөмірі: { $number }
done-next-title = Бұдан кейін не болады
done-next-contact = Сіз көрсеткен жолмен хабарласамыз.
done-next-confirm = Көрсетілген поштаға хат жібердік. Мекенжайды растау үшін сол поштаға келетін кодпен кабинетке кіріңіз.
done-next-status = Істің барысы: кірмей-ақ нөмірі бойынша көрінеді.
done-next-change = Бәрін жеке кабинетте көруге, түзетуге, кері қайтарып алуға немесе өшіруге болады.
done-receipt-title = Келісім парағы
done-receipt-download = Келісім парағын жүктеп алу
done-receipt-pending = Келісім парағы сәлден кейін дайын болады. Бетті жаңартыңыз.
done-secret-title = Бұл кодты сақтап қойыңыз
done-secret-text = Ол деректеріңізді электрондық поштасыз ашады. Оны бір рет көрсетеміз және сақтамаймыз. Ешкімге көрсетпеңіз.
refused-title = Сіз келіспедіңіз
refused-text = Сіз туралы ештеңе сақталған жоқ. Бетті жабуға болады.

## Sign in, /account

signin-title = Жеке кабинетке кіру
signin-lead = Құпиясөз қажет емес. Тәсілді таңдаңыз.
signin-email-title = Электрондық поштаға келетін код арқылы
signin-email-button = Кодты жіберу
signin-secret-title = Түбіртектегі код арқылы
signin-secret-label = Түбіртектегі код
signin-secret-hint = Басылғандай әріптер мен сандар. Бос орын мен дефистің маңызы жоқ.
signin-secret-button = Деректерімді ашу
signin-code-title = Кодты енгізіңіз
signin-code-sent = Бұл мекенжай бізге белгілі болса, код сонда жіберілді. Ол { $minutes } мин жарамды.
signin-code-label = Хаттағы код
signin-code-button = Кіру
signin-code-again = Жаңа код жіберу
signin-no-letter = Хат келмеді ме? Спамды қараңыз немесе түбіртектегі код арқылы кіріңіз.
signin-phone-only = Тек телефон көрсетсеңіз, түбіртектегі код арқылы кіріңіз немесе бізге қоңырау шалыңыз.
signout-done = Кабинеттен шықтыңыз.
contact-confirm-title = Мекенжайды растаңыз
contact-confirm-button = Бұл менің мекенжайым
contact-confirmed = Мекенжай расталды.
contact-not-me-title = Бұл сіз емес пе
contact-not-me-text = Біреу сіздің мекенжайыңызды көрсеткен. Батырманы басыңыз: бұл жазбаны пайдалануды тоқтатып, жоямыз.
contact-not-me-button = Бұл мен емеспін
contact-not-me-done = Жазбаны өңдеу тоқтатылды, оны жою мерзімі: { $date }.

## Account: my data

account-title = Жеке кабинет
account-nav-data = Менің деректерім
account-nav-consents = Менің келісімдерім
account-nav-history = Кім қарады
account-nav-requests = Менің өтініштерім
account-nav-export = Жүктеп алу
account-nav-erase = Бәрін өшіру
data-title = Менің деректерім
data-lead = Бұл – біз сіз туралы сақтайтын барлық нәрсе.
data-value = Мәні
data-category = Бұл не
data-source = Қайдан
data-as-of = Қай күнгі
data-state = Күйі
data-proven = расталған
data-unproven = расталмаған
data-restricted = бұғатталған
restriction-kind-dispute = дау: шешілгенге дейін пайдаланылмайды және жойылмайды
restriction-kind-pending-destruction = жойылуын күтуде
restriction-kind-on-demand = сіздің өтінуіңіз бойынша тоқтатылды
data-empty = Сіз туралы ешқандай мән сақтамаймыз.
data-edit = Түзету
data-edit-title = Түзету: { $category }
data-edit-new = Жаңа мән
data-edit-effect = Ескі мән бірден жойылады. Не өзгергені туралы хабарлама аласыз.
data-edit-contact = Жаңа мекенжай немесе нөмір расталғаннан кейін қолданылады. Бұрынғысына хабарлама барады және { $hours } сағ ішінде қарсылық білдіруге болады.
data-edit-button = Жаңа мәнді сақтау
data-edit-done = Түзетілді. Ескі мән жойылды.
data-delete = Өшіру
data-delete-title = Өшіру: { $category }
data-delete-effect = Мән бірден жойылады, қайтару мүмкін емес. Мына мақсаттар онсыз қалады: { $purposes }.
data-delete-button = Бұл мәнді өшіру
data-delete-done = Жойылды. Түбіртек төменде.

## Account: consents

consents-title = Менің келісімдерім
consents-lead = Әр мақсат бөлек. Кез келгенін дәл қазір кері қайтарып алуға болады.
consents-empty = Келісім берген жоқсыз.
consent-status-requested = сұралды, жауап жоқ
consent-status-given = қолданыста
consent-status-refused = бас тартылған
consent-status-withdrawn = сіз кері қайтарып алдыңыз
consent-status-expired = мерзімі аяқталған
consent-status-invalidated = жарамсыз
consent-status-revoked = басқа тарап тоқтатқан
consent-timeline = Келісімнің барысы
timeline-given = Берілген күні: { $date }
timeline-now = Бүгін
timeline-ends = Аяқталатын күні: { $date }
timeline-ended = Аяқталған күні: { $date }
timeline-withdrawn = Кері қайтарып алынған күні: { $date }
timeline-destroy-by = Деректерді жою мерзімі: { $date }
timeline-destroyed = Деректер жойылған күні: { $date }
consents-form = Нысан
consents-notice = Саясаттың редакциясы
consents-shown = Сіз көрген мәтін
consents-button = Сіз басқан батырма
consents-receipt = Келісім парағы
withdraw-button = Келісімді кері қайтарып алу
withdraw-title = Келісімді кері қайтарып алу: { $purpose }
withdraw-effect = Деректерді осы мақсатқа пайдалану бірден тоқтайды. Басқа мақсаттарға қажет емес деректерді жою мерзімі: { $date }.
withdraw-all = Барлық келісімді кері қайтарып алу
withdraw-done = Келісім кері қайтарып алынды. Деректерді пайдалану тоқтатылды.
withdraw-receipt = Кері қайтарып алу туралы түбіртек
withdraw-refused = Бір бөлігін әзірге тоқтату мүмкін емес: { $reason }. Аяқталатын күні: { $date }. Қалғанының бәрі тоқтатылды.
withdraw-again = Қайта келісім беру үшін нысанды қайта толтырыңыз.

## Account: history of looks and acts

history-title = Деректеріңізді кім қарады
history-lead = Әр қарау деректер көрсетілмей тұрып жазылады. Бас тартулар да осында.
history-who = Кім
history-why = Не үшін
history-when = Қашан
history-clause = Тармақ
history-what = Не
history-proof = Дәлел
history-empty = Деректеріңізді ешкім қараған жоқ.
# One per entry kind of the log, entry-<kind>

entry-collection = Нысан алынды
entry-obtaining = Деректер басқа жолмен алынды
entry-recording = Мән жазылды
entry-systematisation = Жазбалар реттелді
entry-accumulation = Жазбалар қосылды
entry-storage = Сақтау басталды немесе қайта қаралды
entry-rectification = Мән түзетілді
entry-retrieval = Деректер қаралды
entry-use = Деректер пайдаланылды
entry-distribution = Жарияланды
entry-disclosure = Алушыға берілді
entry-third-party-access = Алушыға қолжетімділік ашылды
entry-anonymisation = Иесіздендірілді
entry-restriction = Бұғатталды
entry-restriction-lifted = Бұғаттау алынды
entry-deletion = Мән өшірілді
entry-destruction = Жойылды
entry-consent = Келісім берілді
entry-withdrawal = Келісім кері қайтарып алынды
entry-decision = Деректерді пайдалануға бола ма, тексерілді
entry-refusal = Қараудан немесе пайдаланудан бас тартылды
entry-sign-in = Кабинетке кіру
entry-contact-proven = Байланыс расталды
entry-enquiry = Өтінімнің күйі өзгерді
entry-request = Өтініштің күйі өзгерді
entry-notice-published = Саясат редакциясы жарияланды
entry-operator-changed = Қызметкер қосылды немесе өзгертілді
entry-api-key-changed = Интерфейс кілті жасалды немесе қайтарылды
entry-keys-rotated = Шифрлау кілттері ауыстырылды
entry-backup = Резервтік көшірме жасалды
entry-restore = Көшірмеден қалпына келтірілді
entry-log-opened = Журнал ашылды
entry-access-package = Деректер сіз үшін жүктелді
entry-evidence-destroyed = Сақталған дәлел жойылды
entry-receipt-handed-over = Келісім парағы сіз келісім берген сайтқа берілді
entry-terms-changed = Жазбаңыздың шарттары өзгертілді
entry-group-rule = Жазбалар тобы туралы ереже

## Account: export

export-title = Деректерімді жүктеп алу
export-lead = Бізде бардың бәрі: мәндер, мақсаттар, көздер, мерзімдер, алушылар, келісімдер және кім қарағаны. Тегін.
export-json = JSON түрінде жүктеп алу
export-json-hint = Бағдарламаларға арналған: басқа сервис оқи алады.
export-page = Бет түрінде ашу
export-page-hint = Адамдарға арналған: оқып, сақтап қоюға болады.
export-warning = Файлда деректеріңіз ашық мәтінмен жазылған. Оны басқа ешкім оқи алмайтын жерде сақтаңыз.

## Account: delete everything

erase-title = Бәрін өшіру
erase-lead = Не болатынын оқыңыз. Соңғы қадамнан кейін деректерді ешкім – біз де, сіз де – қайтара алмайды.
erase-consequence-values = Сіз туралы { $count } мән жойылады.
erase-consequence-consents = Барлық келісім бірден кері қайтарып алынады.
erase-consequence-enquiries = Ашық өтінімдер жауапсыз жабылады.
erase-consequence-account = Кабинет жабылады. Түбіртектегі код жұмысын тоқтатады.
erase-consequence-recipients = Алушылар өз көшірмелерін жоюға міндетті: { $recipients }.
erase-consequence-recipients-none = Деректеріңіз ешкімге берілген жоқ, сондықтан басқа ешкімге хабарлау қажет емес.
erase-consequence-backups = Барлық көшірменің, соның ішінде резервтіктердің кілттері жойылатын мерзім: { $date }.
erase-export-first = Көшірме керек пе? Алдымен деректерді жүктеп алыңыз.
erase-confirm-word = өшіру
erase-confirm-label = Растау үшін мынаны енгізіңіз: { $word }
erase-button = Деректерімді жою
erase-keep-button = Деректерімді қалдыру
erase-done-title = Деректеріңіз жойылды
erase-done-text = Түбіртекті қазір жүктеп алыңыз. Бұл беттен кейін біз сізді таба алмаймыз.
erase-receipt = Жою туралы түбіртек
erase-receipt-download = Жою туралы түбіртекті жүктеп алу
erase-retained-title = Не қалады және неліктен
erase-retained-log = Журналдың адамсыз жазбалары: әрекеттердің болғаны көрінеді, бірақ кімдікі екені көрінбейді.
erase-retained-tombstone = Жазбаның жойылғаны туралы белгі: резервтік көшірме оны қайтармауы үшін.
erase-retained-commitment = Келісім парағыңыздың тексеру коды. Одан ештеңе оқу мүмкін емес. Негізі: { $ground }. Жойылатын күні: { $date }.
erase-retained-letter = Расталған e-mail мекенжайыңыз, бөлек кілтпен жабылып, бір хат үшін: { $ground }. Ең кеш мерзімі: { $date }; оны ешкім оқи алмайды.
erase-residues = Ескі көшірмелердің қалдықтары оқылмайтын болатын мерзім: { $date }.

## Requests, /requests/{number}

request-title = { $number } өтініші
request-new = Жаңа өтініш
request-kind-access = Не сақталатынын білу
request-kind-rectification = Деректерді түзету
request-kind-restriction = Өңдеуді бұғаттау
request-kind-objection = Автоматты шешімге қарсылық білдіру
request-kind-withdrawal = Келісімді кері қайтарып алу
request-kind-erasure = Деректерді жою
request-kind-unlawful-processing = Заңсыз өңдеу туралы хабарлау
request-kind-question = Сұрақ қою
request-text = Не сұрайсыз?
request-button = Өтінішті жіберу
request-received = Алынған күні: { $date }
request-due = Жауап беру мерзімі: { $date }
request-status-received = алынды
request-status-contact-unproven = байланыстың расталуын күтуде
request-status-verified = өтініш беруші тексерілді
request-status-confirmed = орындауға қабылданды
request-status-refused = дәлелді бас тарту
request-status-completed = орындалды
request-refused-reason = Себебі: { $reason }
request-appeal = Бас тартуға дербес деректерді қорғау жөніндегі уәкілетті органға немесе сотқа шағымдануға болады.
requests-empty = Өтініш жіберген жоқсыз.

## Where a matter stands, by its number; and the sign-ins of the account

status-kind-enquiry = Өтінім
status-what = Бұл не
status-lead = Мұнда істің барысы нөмірі бар әркімге көрінеді. Адам туралы мұнда ештеңе жоқ.
status-life = Істің барысы
status-limit = Соңғы күн
status-own = Кабинетте ашу
status-account = Толығырақ – кіргеннен кейін кабинетте
status-unknown-title = Бұл нөмірде ештеңе жоқ
status-unknown-text = Нөмірді тексеріңіз. Ол дұрыс болған болса, ол туралы бәрі жойылған.
sessions-title = Барлық кірулер
sessions-lead = Кабинетіңізге әлі аяқталмаған кірулер. Біз қашан және қалай кіргеніңізді сақтаймыз, қайдан екенін ешқашан сақтамаймыз.
sessions-began = Басталды
sessions-ends = Өзі аяқталады
sessions-how = Қалай
sessions-by-code = хаттағы кодпен
sessions-by-secret = түбіртектегі кодпен
sessions-this = осы
sessions-end = Аяқтау
sessions-end-others = Басқаларының бәрін аяқтау
sessions-done = Аяқталды.

## Verify a receipt, /receipts/verify

verify-title = Түбіртекті тексеру
verify-lead = Түбіртекті қойыңыз немесе файлын таңдаңыз. Тексеру үшін кіру қажет емес, файл сақталмайды.
verify-paste = Түбіртек мәтіні
verify-file = Немесе файл
verify-button = Тексеру
verify-valid = Түбіртек түпнұсқа
verify-valid-text = Ол { $origin } журналында жазылған және өзгертілмеген.
verify-invalid = Түбіртек тексеруден өтпеді
verify-invalid-text = Онда бірдеңе өзгертілген немесе ол басқа журналдан. Жүктеп алған файлды алып, қайталап көріңіз.
verify-unreadable = Бұл түбіртек емес
verify-unreadable-text = Мәтін оқылмайды. Файлды бірінші таңбадан соңғысына дейін толық қойыңыз.
verify-self-asserted = Кілт түбіртектің өзінен алынды. Сенімді болу үшін оны компания жариялайтын кілтпен салыстырыңыз: { $key }
verify-offline = Бізсіз де тексеруге болады: senim verify FILE
verify-kind = Түрі
verify-recorded-at = Жазылған уақыты
verify-kind-consent = келісім парағы
verify-kind-withdrawal = кері қайтарып алу туралы түбіртек
verify-kind-disclosure = беру туралы түбіртек
verify-kind-rectification = түзету туралы түбіртек
verify-kind-destruction = жою туралы түбіртек

## Evidence, /evidence

evidence-title = Әр тармақ қалай орындалады
evidence-lead = Осы жүйе бойынша дәл қазір есептелді. Әлі жасалмағаны туралы ашық айтылған.
evidence-clause = Тармақ
evidence-control = Немен қамтамасыз етілген
evidence-test = Қалай тексерілді
evidence-result = Нәтиже
evidence-holds = орындалуда
evidence-broken = бұзылған
evidence-not-built = әлі жасалмаған
evidence-unknown = тексеру мүмкін болмады
evidence-computed-at = Есептелген уақыты: { $date }
evidence-summary = Орындалуда: { $kept }, бұзылған: { $broken }, әлі жасалмаған: { $missing }

## Comments and cookies: honest about what is not collected

comments-title = Пікірлер
comments-none = Бұл сайтта пікірлер әзірге қабылданбайды. Ешкім туралы ештеңе жарияланбайды.
comments-when = Олар ашылғанда, әр жарияланымға сіздің келісіміңіз керек болады және оны басқалар көшіре алатыны ескертіледі.
cookies-title = Cookies
cookies-lead = Сайт онсыз жұмыс істей алмайтын cookies ғана орнатады. Кірулер есептелмейді, сізді ешкім қадағаламайды.
cookies-name = Атауы
cookies-purpose = Не үшін
cookies-lifetime = Қашанға дейін
cookies-session-text = Кіргеніңізді есте сақтайды
cookies-csrf-text = Нысандарды бөгде сайттардан қорғайды
cookies-language-text = Тілді есте сақтайды
cookies-until-close = браузер жабылғанға дейін
cookies-not-collected = Статистика мен жарнамаға арналған cookies: жиналмайды. Бұл өзгерсе, өзіңіз қоспайынша олар өшірулі қалады.
cookies-ip = IP-мекенжай және сіз келген бет деректеріңіздің жанында сақталмайды.
cookies-gpc = Браузеріңіз қадағаламауды сұрайды (GPC). Мұны бас тарту деп қабылдаймыз.

## Console for operators, /console: sign-in and set-up

console-title = Қызметкердің жұмыс орны
console-login-title = Қызметкерлерге арналған кіру
console-login-name = Логин
console-login-password = Құпиясөз
console-login-totp = Қолданбадағы код
console-login-totp-hint = Әр 30 секунд сайын өзгеретін 6 сан
console-login-button = Кіру
console-setup-title = Қолжетімділікті баптаңыз
console-setup-lead = Сілтеме бір рет қана жұмыс істейді. Құпиясөз ойлап табыңыз, содан кейін кілтті кодтар қолданбасына қосыңыз.
console-setup-name = Логиніңіз
console-setup-password = Жаңа құпиясөз
console-setup-password-hint = Кемінде { $limit } таңба. Қатар тұрған бірнеше сөз жақсы. Оны басқа жерде қолданбаңыз.
console-setup-password-again = Сол құпиясөзді тағы бір рет
console-setup-totp-title = Екінші қадам
console-setup-totp-lead = Суретті кодтар қолданбасымен сканерлеңіз немесе кілтті қолмен енгізіңіз.
console-setup-totp-key = Кілт
console-setup-button = Сақтап, кіру
console-setup-done = Қолжетімділік бапталды.
console-undertaking = Деректерді жазбаша міндеттеме мен оқытудан кейін ғана ашуға болады (11.4-тармақ).
console-nav-label = Бөлімдер
console-nav-enquiries = Өтінімдер
console-nav-requests = Өтініштер
console-nav-mail = Хаттар
console-nav-log = Журнал
console-nav-notices = Саясат редакциялары
console-nav-settings = Баптаулар
console-signed-in-as = { $name }, рөлдері: { $roles }

## Console: enquiries

enquiries-title = Өтінімдер
enquiries-empty = Мұндай өтінімдер жоқ.
enquiries-count = { $count } өтінім
enquiries-number = Нөмірі
enquiries-received = Алынған
enquiries-form = Нысан
enquiries-status = Күйі
enquiries-due = Мерзімі
enquiries-contact = Байланыс
enquiries-filter = Іріктеу
enquiries-filter-status = Күйі
enquiries-filter-form = Нысан
enquiries-filter-all = барлығы
enquiries-filter-clear = Іріктеуді тазалау
enquiry-title = { $number } өтінімі
enquiry-status-received = алынды
enquiry-status-assigned = тағайындалды
enquiry-status-in-work = жұмыста
enquiry-status-fulfilled = орындалды
enquiry-status-declined = адам бас тартты
enquiry-status-lapsed = мерзімі өтті
enquiry-take = Жұмысқа алу
enquiry-fulfil = Орындалды деп белгілеу
enquiry-fulfil-effect = Мақсатқа жетіледі: оған келісім аяқталады, деректерді жою мерзімі: { $date }.
enquiry-drop = Жабу: адам бас тартты

## Console: opening a person's data for a purpose

open-title = Деректерді ашу
open-lead = Не үшін екенін таңдаңыз. Қарау жазылады және адам оны көреді.
open-purpose = Мақсат
open-categories = Тек мына деректер
open-button = Деректерді ашу
open-shown = «{ $purpose }» мақсаты үшін { $time } ашылды. Қарау жазылды.
refusal-title = Бас тартылды
refusal-lead = Деректер ашылған жоқ. Себебі:
refusal-recorded = Бас тарту да жазылды.
refusal-next = Не істеуге болады
find-title = Адамды табу
find-label = Электрондық пошта, телефон немесе ЖСН
find-button = Табу
find-empty = Мұндай байланыспен ешкім жоқ.

## Console: mail outbox

outbox-title = Хаттар
outbox-lead = Пошта сервері болмаса, хаттар осында күтеді. Оларда мекенжайдан басқа дербес деректер жоқ.
outbox-empty = Хаттар жоқ.
outbox-kind = Хат
outbox-created = Жасалған
outbox-attempts = Әрекеттер
outbox-next-try = Келесі әрекет
outbox-open = Оқу
outbox-status-waiting = күтуде
outbox-status-sent = жіберілді
outbox-status-cancelled = тоқтатылды: келісім кері қайтарып алынды
outbox-status-failed = жеткізілмеді

## Console: log

log-title = Журнал
log-number = №
log-entry = Жазба
log-time = Уақыты
log-actor = Кім
log-purpose = Мақсат
log-categories = Деректер
log-clause = Тармақ
log-checkpoint = Бақылау нүктесі: жазбалар { $size }, түбірі { $root }
log-origin = Журнал
log-key = Ашық кілт
log-empty = Жазбалар жоқ.

## Console: publishing a policy version

notices-title = Саясат редакциялары
notices-publish-title = Редакцияны жариялау
notices-publish-lead = Файл байтына дейін дәл жарияланады, кейін оны өзгертуге болмайды.
notices-language = Тілі
notices-effective = Қолданыла бастайтын күні
notices-file = Файл
notices-publish-button = Редакцияны жариялау
notices-published = { $version } редакциясы жарияланды.
notices-findings = { $count ->
        [0] Ескерту жоқ.
       *[other] { $count } ескерту
    }

## Console: settings and interface keys

settings-title = Баптаулар
settings-operators = Қызметкерлер
settings-operator-add = Қызметкерді шақыру
settings-operator-link = Қызметкерге арналған бір реттік сілтеме. Оны өз қолыңызбен беріңіз.
settings-roles = Рөлдер
settings-role-purposes = Рөлдің мақсаттары
settings-keys = Интерфейс кілттері
settings-key-name = Кілттің атауы
settings-key-add = Кілт жасау
settings-key-once = Кілт бір рет көрсетіледі. Қазір көшіріп алыңыз.
settings-key-revoke = Кілтті қайтарып алу
settings-key-last-used = Соңғы пайдаланылған
settings-policy = Саясат қалтасы
settings-backup = Қалпына келтіруге болатын соңғы көшірме
settings-backup-none = Қазір қалпына келтіруге болатын көшірме жоқ. Іске қосыңыз: senim backup
settings-locations = Деректер қайда орналасқан
settings-location-undeclared = көрсетілмеген
settings-crypto = Шифрлау – бағдарламалық AES-256-GCM. Бұл ҚР СТ 1073-2007 бойынша сертификатталған құрал емес.

## Account: receipts, other entries, sessions

site-copy = Көшіру
site-copied = Көшірілді
site-not-printed = басып шығарылмайды (11.5-тармақ)
receipt-download = Түбіртекті жүктеп алу
not-me-how = Біреу сіздің мекенжайыңызды көрсеткен. Осы мекенжайға жіберетін кодпен кіріңіз: жазылғанның бәрін көресіз, келісімді қайтарып ала аласыз немесе жазбаны түгел жоя аласыз.
account-confirm-title = Бұл нысанды сіз жібердіңіз бе?
account-confirm-text = Мекенжайыңызды кез келген адам көрсете алады. Жауап бергеніңізше бұл жазба бойынша таратылым мен жарнама жіберілмейді.
account-confirm-yes = Иә, бұл менің жазбам
account-confirm-no = Жоқ, оны жою
account-confirm-done = Бұл жазбадағы мекенжай расталды.
account-others-title = Осы мекенжаймен басқа жазбалар
account-others-text = Жіберілген әр нысан бөлек сақталады. Сіз мекенжайды кодпен растадыңыз, енді әр жазбаны аша аласыз.
account-others-open = { $date } жазбасын ашу
account-session-title = Осы кіру
account-session-code = Сіз хаттағы кодпен кірдіңіз. Кіру өздігінен аяқталады: { $date }.
account-session-secret = Сіз түбіртектегі кодпен кірдіңіз. Кіру өздігінен аяқталады: { $date }.
consents-ends = Мына күнге дейін жарамды
consents-clause = Мақсат
data-actions = Не істеуге болады
restrict-effect = Басқаннан кейін деректер бірден бұғатталады: олар пайдаланылмайды және берілмейді, оларды тек сіз көресіз. Біз тексеріп, шешімді хабарлаймыз.
evidence-partly = ішінара сақталады
evidence-summary-partly = ішінара: { $partly }
form-adult-legend = Жас және әрекет қабілеттілігі
