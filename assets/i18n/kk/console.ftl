### Words of the console and of the errors that only it and the interface have. Same keys in ru, kk and en.

## Console: frame and first page

console-home-title = Жағдайы
console-nav-home = Жағдайы
console-nav-people = Адамдар
console-nav-evidence = Дәлелдер
console-nav-keys = Кілттер
console-nav-operators = Қызметкерлер
console-role = Рөлі
console-pages = Тізім беттері
console-row-filter = Осы беттен іріктеу
console-row-count = Жолдар: {"{}"}
console-setup-name-hint = Латын әріптері, цифрлар, нүкте, дефис, астын сызу
console-setup-qr = Қосымшаға арналған кілті бар QR-код
console-setup-confirm = Баптауды аяқтау
console-setup-next-code = Код бір рет жарамды. Кіру үшін келесісін күтіңіз.
health-title = Жүйе қалай жұмыс істеп тұр
health-fine = қалыпты
health-attention = тексеріңіз
health-store = Дерекқор
health-stopped = тоқтатылды
health-stopped-next = Сақтау қатесі болды, сондықтан ештеңе қабылданбайды. Серверді қайта іске қосыңыз.
health-keys = Шифрлау кілттері
health-epoch = { $epoch }-кезең, { $date } дейін
health-no-smtp = пошта сервері көрсетілмеген
health-letters = { $count ->
        [one] { $count } хат күтіп тұр
       *[other] { $count } хат күтіп тұр
    }
health-enquiries = { $count ->
        [one] { $count } жаңа өтінім
       *[other] { $count } жаңа өтінім
    }
health-encryption = Шифрлау
health-backup = Серверде тексеріңіз: senim doctor
health-location-database = дерекқор
health-location-keystore = кілт қоймасы
health-location-backups = сақтық көшірмелер
health-location-mail = пошта сервері

## Console: enquiries, people, requests

enquiry-changed = Күйі өзгертілген
enquiry-do-assigned = Тағайындау
enquiry-do-in-work = Жұмысқа алу
enquiry-do-fulfilled = Орындалды деп белгілеу
enquiry-do-declined = Жабу: адам бас тартты
enquiry-do-lapsed = Жабу: мерзімі өтті
open-none = Рөлдеріңіз адамдардың деректерін ашпайды
open-none-next = Тапсырманы осы мақсатпен жұмыс істейтін қызметкерге беріңіз.
open-categories-hint = Ештеңе белгіленбесе, мақсатқа қажеттінің бәрі ашылады
open-empty = Бұл мақсатқа деректер жоқ.
open-again = Басқа мақсатқа ашу
find-hint = Іздеу журналға жазылады
find-record = Жазба
find-empty-next = Әр таңбаны тексеріңіз. Жойылған жазбалар табылмайды.
find-count = { $count ->
        [one] { $count } жазба табылды
       *[other] { $count } жазба табылды
    }
request-kind = Не туралы
request-step = Не істеу керек
requests-none = Өтініштер жоқ.
request-do-verified = Өтініш берген адам тексерілді
request-do-confirmed = Орындауға қабылдау
request-do-completed = Қазір орындау
request-do-refused = Бас тарту

## Console: letters, evidence, log, keys, operators, notices

outbox-to = Кімге
outbox-open-lead = Ашылған әр хат жазылады, адам қаралғанын көреді.
outbox-open-all = Хаттарды ашу
outbox-closed = Хат ашылмайды: негіз жоқ немесе жазба жойылған
evidence-obligation = Міндеттеме
log-check = Бүкіл журналды тексеру
log-check-sound = Журнал толық тексерілді: айырмашылық жоқ.
log-check-broken = Журналда айырмашылықтар бар
log-older = Ертерек
log-newer = Кейінірек
keys-empty = Кілттер жоқ.
key-role = Кілттің рөлі
key-purposes = Тек осы мақсаттарға
key-purposes-hint = Ештеңе белгіленбесе: рөлдің барлық мақсаттарына
key-active = жарамды
key-revoked = кері алынды
operator-active = жұмыс істейді
operator-pending = қолжетімділікті баптап жатыр
operator-revoked = қолжетімділік жабық
operator-suspended = кіру тоқтатылған
operator-suspend = Кіруді тоқтата тұру
operator-resume = Қайта кіргізу
operator-revoke = Қолжетімділікті біржола жабу
operator-link-make = Сілтеме жасау
notices-version = Редакция
notices-published-at = Жарияланды
notices-coming = әлі күшіне енген жоқ
notices-none = Редакциялар жоқ.
notices-how = Редакция серверде жарияланады:

## Errors of the console and the interface

error-login-invalid = Логин: 64-ке дейін латын әрпі, цифр, нүкте, дефис, астын сызу. Басқа таңбаларды алып тастаңыз.
error-login-taken = Бұл логин бос емес. Басқасын таңдаңыз.
error-password-short = Құпиясөзде кемінде { $limit } таңба болуы керек. Сөз қосыңыз.
error-password-long = Құпиясөз тым ұзын. Қысқартыңыз.
error-request-transition = Өтініш бұл күйден бұлай өзгермейді. Бетті жаңартыңыз: тексерілмеген өтінішті орындауға болмайды.
error-request-kind-unknown = Мұндай өтініш түрі жоқ. Тізімнен таңдаңыз.
error-contact-of-several = Бұл байланыс бірнеше жазбада бар. subject_id көрсетіңіз.
error-not-integrated = Жазба журналға әлі енген жоқ. Бірнеше секундтан кейін қайталаңыз.
