### Words of every page. Same keys in ru, kk and en; grouped by page.
### Formal «вы» in lower case, short sentences, verbs on buttons; ИИН, never ИНН.

## Site shell, on every page

# $company: the controller's published name

site-title = Персональные данные: { $company }
site-skip-link = Перейти к основному тексту
site-language-switch = Язык
site-language-ru = РУС
site-language-kk = ҚАЗ
site-language-en = ENG
site-language-name-ru = Русский
site-language-name-kk = Қазақша
site-language-name-en = English
site-nav-label = Основные разделы
site-nav-home = Ваши данные
site-nav-policy = Политика
site-nav-partners = Партнёры
site-nav-account = Личный кабинет
site-nav-verify = Проверить квитанцию
site-nav-cookies = Cookies
site-nav-evidence = Доказательства
site-nav-comments = Комментарии
site-sign-in = Войти
site-sign-out = Выйти
site-back = Назад
site-back-home = На главную страницу
site-footer-controller = { $company }, БИН { $bin }. { $address }
site-footer-contact = Вопросы о ваших данных: { $mailbox }
site-footer-responsible = Ответственный за организацию обработки: { $name }
site-footer-security = Сообщить о проблеме безопасности
site-footer-built-with = Работает на Senim
site-rehearsal = РЕПЕТИЦИЯ. Часы этой копии переведены вручную. Ничто здесь не имеет юридической силы.
site-draft-mark = проект
site-draft-note = Казахский текст – проект, пока его не прочитал носитель языка.
site-yes = Да
site-no = Нет
site-none = Нет
site-not-given = не давалось
site-optional = (необязательно)
site-required = обязательно
site-continue = Продолжить
site-save = Сохранить
site-cancel = Отмена
site-change = Изменить
site-download = Скачать
site-print = Печать
site-why = Почему?
site-details = Подробнее
site-next-page = Следующая страница
site-previous-page = Предыдущая страница
site-print-no-values = На печати значений нет (пункт 11.5). Чтобы получить их, скачайте выгрузку.

## The seal beside anything that can be proven

seal-title = Доказательство { $number }
seal-verified = Проверено на этой странице только что
seal-pending = Записано, в открытый журнал ещё не вошло
seal-broken = Проверка не прошла
seal-open = Открыть доказательство

## Dates, terms and units

# $day, $year: numbers as text; $month: one of date-month-N; $weekday: one of date-weekday-N (1 is Monday)

date-long = { $day } { $month } { $year } г.
date-long-weekday = { $day } { $month } { $year }, { $weekday }
date-by = до { $date }
date-from = с { $date }
date-at-time = { $date }, { $time }
date-zone = время Алматы, UTC+5
date-as-of = на { $date }
date-month-1 = января
date-month-2 = февраля
date-month-3 = марта
date-month-4 = апреля
date-month-5 = мая
date-month-6 = июня
date-month-7 = июля
date-month-8 = августа
date-month-9 = сентября
date-month-10 = октября
date-month-11 = ноября
date-month-12 = декабря
date-weekday-1 = понедельник
date-weekday-2 = вторник
date-weekday-3 = среда
date-weekday-4 = четверг
date-weekday-5 = пятница
date-weekday-6 = суббота
date-weekday-7 = воскресенье
# $count: a number

unit-working-days = { $count ->
        [one] { $count } рабочий день
        [few] { $count } рабочих дня
       *[many] { $count } рабочих дней
    }
unit-calendar-days = { $count ->
        [one] { $count } календарный день
        [few] { $count } календарных дня
       *[many] { $count } календарных дней
    }
unit-months = { $count ->
        [one] { $count } месяц
        [few] { $count } месяца
       *[many] { $count } месяцев
    }
unit-hours = { $count ->
        [one] { $count } час
        [few] { $count } часа
       *[many] { $count } часов
    }
unit-minutes = { $count ->
        [one] { $count } минута
        [few] { $count } минуты
       *[many] { $count } минут
    }
date-remaining-working-days = { $count ->
        [0] сегодня последний день
        [one] остался { $count } рабочий день
        [few] осталось { $count } рабочих дня
       *[many] осталось { $count } рабочих дней
    }
date-overdue-working-days = { $count ->
        [one] просрочено на { $count } рабочий день
        [few] просрочено на { $count } рабочих дня
       *[many] просрочено на { $count } рабочих дней
    }
date-estimate = Оценка: календарь этого года ещё не опубликован.
deadline-title = Как посчитана эта дата
deadline-source-clause = Политика, пункт { $clause }
deadline-source-law = Закон Республики Казахстан
deadline-source-gdpr = GDPR
deadline-effective = Действует этот срок: он самый строгий.
deadline-calendar = Производственный календарь { $version }

## Privacy centre, /

home-title = Ваши персональные данные
home-lead = Здесь видно, что { $company } хранит о вас. Эти данные можно исправить, остановить их использование или уничтожить. Это бесплатно.
home-see = Посмотреть, что хранится
home-see-text = Каждое значение, откуда оно и кто на него смотрел.
home-correct = Исправить
home-correct-text = Измените или удалите любое значение. Мы сообщим, что изменилось.
home-restrict = Заблокировать
home-restrict-text = Если вы считаете, что данные получены или используются незаконно, мы закроем их на время проверки.
home-withdraw = Отозвать согласие
home-withdraw-text = Целиком или по одной цели. Действует сразу.
home-erase = Удалить всё
home-erase-text = Сначала вы увидите последствия. Потом данные уничтожаются, и вы получаете квитанцию.
home-more = Ещё здесь
home-policy = Прочитать политику
home-partners = Посмотреть партнёров
home-verify = Проверить квитанцию
home-forms = Формы
home-write = Можно и написать на { $mailbox }. Достаточно темы «Уточнить персональные данные» или «Прекратить обработку персональных данных», вашего адреса и требования.

## Policy, /policy, its versions and differences

policy-title = Политика обработки персональных данных
policy-version = Редакция { $version }
policy-effective = Действует с { $date }
policy-effective-until = Действовала с { $from } по { $until }
policy-not-yet = Эта редакция ещё не действует.
policy-sha256 = Контрольная сумма SHA-256
policy-raw = Скачать опубликованный файл
policy-raw-hint = Файл байт в байт тот, что был опубликован.
policy-contents = Пункты
policy-clause = Пункт { $clause }
policy-clause-link = Ссылка на пункт { $clause }
policy-clause-proof = Как выполняется этот пункт
policy-versions = Все редакции
policy-versions-lead = Ваше согласие связано с той редакцией, которую вы видели. Все они остаются здесь.
policy-diff = Отличия
policy-diff-title = Что изменилось: { $old } → { $new }
policy-diff-added = Добавлено
policy-diff-removed = Удалено
policy-diff-changed = Изменено
policy-diff-none = Между этими редакциями отличий нет.
policy-current = действует
policy-archived = прежняя
policy-languages = Опубликована на языках: { $languages }
policy-only-ru = Опубликована только на русском языке; на этой странице русский текст.
policy-translation-draft = Черновой перевод. Он помогает читать и никого не обязывает: согласие относится к опубликованному тексту.
policy-findings = Противоречия, найденные в этом тексте
policy-findings-lead = Опубликованный текст мы не правим. Где он противоречит себе, действует самое строгое прочтение.

## A new version of the policy, shown at sign-in or submission (clause 20)

policy-new-title = Политика изменилась
policy-new-lead = С { $date } действует редакция { $version }. Вот что изменилось.
policy-new-effect = Если вы продолжите, мы запишем, что вы приняли этот текст. Ваши согласия от этого не расширяются: для всего нового нужна новая отметка.
policy-new-accept = Продолжить с новой редакцией
policy-new-disagree = Не согласен
policy-new-disagree-hint = Все ваши согласия будут отозваны, начнётся уничтожение данных, и вы выйдете из кабинета.

## Partners, /partners

partners-title = Партнёры, которые могут получать ваши данные
partners-lead = Кого в списке нет, тот данных получить не может. На каждую передачу нужно ещё и ваше отдельное согласие.
partners-empty = Партнёров нет. Ваши данные никому не передаются.
partners-name = Партнёр
partners-bin = БИН
partners-country = Страна
partners-purposes = Для чего
partners-data = Какие данные
partners-since = Опубликован
partners-feed = Лента изменений
partners-as-of = Список на { $date }

## Forms, /f/{form}

form-consultation-title = Консультация
form-consultation-lead = Напишите, как с вами связаться и о чём вопрос. Мы свяжемся с вами.
form-consultation-button = Запросить консультацию
form-booking-title = Запись на приём
form-booking-lead = Напишите, что вам нужно. Время мы подтвердим с вами.
form-booking-button = Записаться
form-order-title = Заказ
form-order-lead = Напишите, что вы заказываете. Перед началом работы мы свяжемся с вами.
form-order-button = Отправить заказ
form-registration-title = Регистрация
form-registration-lead = Мы создадим учётную запись. Входить в неё и удалить её можно в любой момент.
form-registration-button = Зарегистрироваться
form-check-button = Проверить ответы
form-nothing-stored = До нажатия последней кнопки ничего не сохраняется. Если уйти, о вас ничего не останется.
form-required-note = Поля без пометки «необязательно» нужно заполнить.
form-no-scans = Не присылайте копии документов, удостоверяющих личность. Закон запрещает их собирать.

## Fields: label and hint

field-surname = Фамилия
field-surname-hint = Как в документе
field-given-name = Имя
field-given-name-hint = Как в документе. Если имя одно, напишите его здесь.
field-patronymic = Отчество
field-patronymic-hint = Только если оно указано в документе
field-iin = ИИН
field-iin-hint = 12 цифр из удостоверения личности
field-registered-address = Адрес регистрации по месту жительства
field-registered-address-hint = Город, улица, дом, квартира. Индекс не нужен.
field-email = Адрес электронной почты
field-email-hint = Например, name@example.kz
field-phone = Номер телефона
field-phone-hint = Казахстанский номер, например +7 701 123 45 67
field-message = О чём ваш вопрос?
field-message-hint = До { $limit } знаков. Не пишите о здоровье, вере и о других людях.
field-preferences = Что вам интересно
field-preferences-hint = Используется, только если вы разрешите рекламу по предпочтениям
field-adult = Мне исполнилось 18 лет, и я дееспособен (дееспособна)
field-adult-hint = Данные людей младше 18 лет мы не принимаем, в том числе от родителей.

## Consent text before the button

# $company, $bin, $address: the controller; $date: the end of a term, written out

consent-title = Согласие на сбор и обработку персональных данных
consent-lead = Прочитайте и отметьте только то, на что согласны.
consent-who = Кому
consent-who-text = { $company }, БИН { $bin }, { $address }
consent-what = Какие данные
consent-why = Для чего и до какого дня
consent-until = Самое позднее до { $date }
consent-required = Нужно для этой формы
consent-optional = Только если хотите. Без этих отметок форма работает так же.
consent-to-whom = Передача третьим лицам
consent-to-whom-none = Нет. Ваши данные никому не передаются.
consent-to-whom-tick = Согласен на передачу перечисленных данных получателю: { $recipient }
consent-cross-border = Трансграничная передача
consent-cross-border-none = Нет. Данные остаются в Республике Казахстан.
consent-publication = Распространение в общедоступных источниках
consent-publication-none = Нет. Публичным станет только то, что вы опубликуете сами.
consent-withdraw = Как отозвать
consent-withdraw-text = В любой момент, целиком или по одной цели: в кабинете или письмом на { $mailbox }. Причину объяснять не нужно. Использование данных прекращается сразу.
consent-notice = Согласие связано с редакцией политики { $version }.
consent-button-note = Нажимая «{ $button }», вы даёте согласие на то, что отмечено выше.
consent-refuse = Не согласен, уйти

## Purposes (clause 8): title, one sentence, the event that ends each

purpose-p8-1-title = Учётная запись на сайте
purpose-p8-1-text = Создаём учётную запись и узнаём вас при входе.
purpose-p8-1-end = Заканчивается, когда вы удаляете учётную запись.
purpose-p8-2-title = Ответ на вашу заявку
purpose-p8-2-text = Связываемся с вами по заявке, консультируем и выполняем её.
purpose-p8-2-end = Заканчивается, когда заявка выполнена или вы отказались от неё.
purpose-p8-3-title = Учётная запись у партнёра
purpose-p8-3-text = Открываем вам доступ на сайте партнёра, которого вы выбрали.
purpose-p8-3-end = Заканчивается, когда доступ открыт или вы отказались от него.
purpose-p8-4-title = Информационные сообщения
purpose-p8-4-text = Сообщаем о работе услуг, которыми вы пользуетесь.
purpose-p8-4-end = Заканчивается, когда вы отписались или перестали пользоваться услугой.
purpose-p8-5-title = Реклама по вашим предпочтениям
purpose-p8-5-text = Подбираем предложения по тому, что вы рассказали о своих интересах. Начинается только после подтверждения контакта.
purpose-p8-5-end = Заканчивается, когда вы отказались от рекламы.
purpose-p8-6-title = Оценка работы сайта
purpose-p8-6-text = Смотрим, где сайт неудобен.
purpose-p8-6-end = Заканчивается, когда отчёт за период готов.
purpose-p8-7-title = Статистика рекламы
purpose-p8-7-text = Считаем, какая реклама работает, только на обезличенных данных.
purpose-p8-7-end = Заканчивается, когда данные необратимо обезличены.
purpose-p8-8-title = Акции и скидки
purpose-p8-8-text = Сообщаем о них по электронной почте или телефону, как вы выберете. Начинается только после подтверждения контакта.
purpose-p8-8-end = Заканчивается, когда вы отписались.
purpose-p8-9-title = Маркетинговые исследования
purpose-p8-9-text = Подрядчик получает только необратимо обезличенные данные, а не данные о вас.
purpose-p8-9-end = Заканчивается, когда набор для исследования обезличен.
purpose-p8-10-title = Переговоры с банком о кредите
purpose-p8-10-text = Передаём вашу заявку банку, который вы назвали в отдельном согласии, и сообщаем вам ответ.
purpose-p8-10-end = Заканчивается, когда банк принял решение или вы отозвали заявку.
purpose-rights-title = Ваши права
purpose-rights-text = Отвечаем на ваши обращения и ведём записи, которых требует закон.
purpose-rights-end = Заканчивается, когда на обращение дан ответ и прошёл срок, который установил закон.

## Categories of data (clause 5)

category-surname = Фамилия
category-given-name = Имя
category-patronymic = Отчество
category-iin = ИИН
category-registered-address = Адрес регистрации
category-email = Адрес электронной почты
category-phone = Номер телефона
category-user-id = Идентификатор учётной записи
category-message = Текст заявки
category-preferences = Предпочтения
category-published-content = Опубликованные тексты
category-correspondence = Переписка и заметки
category-credit-application = Заявка на кредит
category-credit-decision = Решение по кредиту
category-representative = Представитель и основание полномочий
category-device-visit = Данные об устройстве и посещении

## Operations with data (the closed list of clause 1)

operation-collection = Сбор
operation-receipt = Получение
operation-recording = Запись
operation-systematisation = Систематизация
operation-accumulation = Накопление
operation-storage = Хранение
operation-rectification = Уточнение
operation-retrieval = Извлечение
operation-use = Использование
operation-distribution = Передача: распространение
operation-provision = Передача: предоставление
operation-access = Передача: доступ
operation-anonymisation = Обезличивание
operation-restriction = Блокирование
operation-deletion = Удаление
operation-destruction = Уничтожение
# Parts of a consent that can be withdrawn separately and are no operation of clause 1

operation-processing = Обработка
operation-publication = Публикация
operation-transfer = Передача третьим лицам
operation-cross-border = Трансграничная передача

## Who acted, and how a value came to us

role-subject = вы
role-representative = ваш представитель
role-system = система, автоматически
role-intake = приём заявок
role-service = обслуживание
role-marketing = маркетинг
role-research = исследования
role-bank-desk = связь с банками
role-dpo = ответственный за обработку
role-auditor = аудитор
role-admin = администратор
principal-self = вы
principal-data-subject = сам человек
principal-operator = сотрудник
principal-api-key = система компании
principal-visitor = посетитель без входа
principal-system = система, автоматически
source-form = форма на сайте
source-account = личный кабинет
source-api = система компании
source-email = письмо по электронной почте
source-phone = телефонный звонок
source-paper = бумага
source-import = прежняя система

## Errors: the summary above a form

error-summary-title = Есть ошибка
error-summary-lead = Исправьте и отправьте снова. Введённое сохранилось на этой странице.
error-prefix = Ошибка:
error-page-title-prefix = Ошибка: { $title }
error-rule = Правило: пункт { $clause } политики
error-code = Код: { $code }

## Errors: one per violation code, error-<code>: the rule and what to do next

# $field: the field's label; $limit: a number of characters; $purpose, $category, $recipient: their names; $date: written out

error-undeclared-field = Эта форма не принимает поле «{ $field }». Уберите его и отправьте снова.
error-missing-field = Без поля «{ $field }» эту форму не выполнить. Заполните его.
error-iin-check-digit = Последняя цифра ИИН не сходится с остальными. Сверьте все 12 цифр с удостоверением личности.
error-iin-length = В ИИН 12 цифр. Введите только цифры, без пробелов и букв.
error-under-18 = Мы принимаем данные только от людей, которым исполнилось 18 лет. Ничего не сохранено.
error-under-age = Мы принимаем данные только от людей, которым исполнилось 18 лет. Ничего не сохранено.
error-adult-not-declared = Отправить данные может только дееспособный человек, которому исполнилось 18 лет. Отметьте это, если это так.
error-phone-invalid = Это не полный номер телефона. Введите его так: +7 701 123 45 67.
error-phone-foreign = Эта форма принимает только казахстанские номера. Укажите другой номер или напишите на { $mailbox }.
error-email-invalid = Это не полный адрес электронной почты. Введите его так: name@example.kz.
error-name-invalid = В поле «{ $field }» можно писать буквы, дефис, апостроф и пробел. Уберите другие знаки.
error-bin-check-digit = Последняя цифра БИН не сходится с остальными. Проверьте все 12 цифр.
error-text-too-long = В поле «{ $field }» помещается до { $limit } знаков. Сократите текст.
error-notice-outdated = Пока вы заполняли форму, политика изменилась. Прочитайте новую редакцию и дайте согласие снова.
error-purpose-unknown = Такой цели в политике нет. Обновите страницу и выберите снова.
error-purpose-required = Без согласия на цель «{ $purpose }» эту форму не выполнить. Отметьте её или уйдите: ничего не сохранится.
error-consent-missing = Нет согласия на цель «{ $purpose }». Сначала получите его у человека.
error-consent-withdrawn = Согласие на цель «{ $purpose }» отозвано { $date }. Использовать данные для неё нельзя. Новое согласие может дать только сам человек.
error-consent-expired = Срок согласия на цель «{ $purpose }» закончился { $date }. Попросите новое.
error-purpose-not-of-role = Ваша роль не работает с целью «{ $purpose }». Выберите цель своей роли или передайте задачу коллеге.
error-operation-not-of-role = Вашей роли это действие не разрешено. Передайте задачу коллеге, которому оно разрешено.
error-category-not-for-purpose = «{ $category }» не требуется для цели «{ $purpose }». Уберите эту категорию.
error-category-unknown = Такой категории данных в политике нет. Выберите из списка.
error-subject-restricted = Эти данные заблокированы. Пока блокирование не снято, использовать их нельзя; видит их только сам человек.
error-restriction-active = Пока действует блокирование, это невозможно. Сначала решите спор и снимите блокирование.
error-subject-erased = Эти данные уничтожены { $date }. Вернуть их нельзя.
error-contact-unproven = Контакт в этой записи не подтверждён. Подтвердить его может только сам человек: для этого он входит в кабинет с кодом из письма.
error-recipient-unpublished = Получателя «{ $recipient }» нет в опубликованном списке партнёров, передать ему данные нельзя. Сначала опубликуйте его.
error-recipient-not-consented = Человек не разрешал передачу получателю «{ $recipient }». Попросите отдельное согласие.
error-recipient-undertaking = Обязательство получателя «{ $recipient }» отсутствует или закончилось. Сначала обновите его.
error-recipient-suspended = Передача данных получателю «{ $recipient }» приостановлена правилом. Она возможна, когда правило закончится.
error-rule-without-pattern = Укажите хотя бы одно условие: правило без условий коснулось бы всех записей.
error-rule-destroys-later = Постоянное правило не может уничтожать. Лишнее не принимайте ещё в форме.
error-rule-not-standing = Это правило уже не действует или не было постоянным.
error-storage-period-invalid = Срок хранения — целое число и s, h или d, например 30d.
error-cross-border = Данные не могут покидать Республику Казахстан. Выберите получателя, чья база находится здесь.
error-research-not-anonymised = Для исследований можно передать только необратимо обезличенные данные. Сначала обезличьте набор и пройдите проверку.
error-role-unknown = Такой роли в политике нет. Выберите из списка.
error-representative-unproven = Полномочия представителя не указаны или закончились. Укажите действующий документ.
error-obligation-open = По этой цели есть невыполненное обязательство. Оно закончится { $date }; всё остальное прекращено.
error-enquiry-transition = В нынешнем состоянии заявки этот шаг невозможен. Обновите страницу и посмотрите её состояние.
error-form-unknown = Такой формы заявки нет. Укажите код формы, по которой открывают заявки.
error-operator-last = Это последний сотрудник, который может впускать других. Сначала дайте эту роль ещё кому-нибудь, или закройте доступ на сервере: senim operator revoke.
error-operator-transition = С этой учётной записью так поступить уже нельзя. Обновите страницу.
error-field-repeated = Поле «{ $field }» пришло дважды. Отправьте его один раз.
error-iin-kind = Это БИН организации. Введите ИИН человека.
error-iin-century = Седьмая цифра ИИН невозможна. Сверьте все 12 цифр с удостоверением личности.
error-iin-birth-date = Первые 6 цифр ИИН не дают даты рождения. Сверьте все 12 цифр с удостоверением личности.
error-bin-length = В БИН 12 цифр. Введите только цифры.
error-bin-kind = Это не БИН организации. Проверьте все 12 цифр.
error-bin-month = Третья и четвёртая цифры БИН не дают месяца. Проверьте все 12 цифр.
error-email-too-long = Этот адрес электронной почты слишком длинный. Проверьте его или укажите другой.
error-name-too-long = В поле «{ $field }» помещается до { $limit } знаков. Сократите его.
error-iban-invalid = Это не казахстанский номер счёта. Он начинается с KZ, в нём 20 знаков.
error-iban-check-digits = Контрольные цифры счёта не сходятся. Проверьте все 20 знаков.
error-text-empty = Поле «{ $field }» пустое. Заполните его.
error-text-invalid = В поле «{ $field }» есть знаки, которые нельзя показать. Введите текст вручную.
error-consent-invalidated = Согласие на цель «{ $purpose }» признано недействительным. Попросите новое.
error-consent-revoked = Согласие на цель «{ $purpose }» прекращено не самим человеком. Попросите новое.
error-principal-not-of-role = Отсюда этой ролью пользоваться нельзя. Войдите так, как требует роль.
error-not-own-data = Это данные другого человека. Смотреть и менять можно только свои.
error-operation-not-for-purpose = Цель «{ $purpose }» не включает это действие. Выберите другую цель.
error-category-not-of-role = Вашей роли не видна категория «{ $category }». Уберите её или передайте задачу коллеге.
error-category-not-for-recipient = Получателю «{ $recipient }» нельзя передать категорию «{ $category }». Уберите её.
error-recipient-missing = Для передачи нужен получатель. Назовите его.
error-recipient-unknown = Такого получателя в реестре нет. Выберите из списка.
error-recipient-not-for-purpose = Получатель «{ $recipient }» не участвует в цели «{ $purpose }». Выберите другого получателя или цель.
error-recipient-attestation = Подтверждение мер защиты получателя «{ $recipient }» отсутствует или закончилось. Сначала обновите его.
error-gone = Данные этого запроса уничтожены. Показать их снова нельзя.
error-conflict = В нынешнем состоянии это невозможно. Обновите страницу и посмотрите, что изменилось.
error-body-too-large = Данных слишком много для одной формы. Сократите текст и отправьте снова.
error-content-type = Такой формат сервер не принимает. Отправьте форму с этой страницы или JSON через интерфейс.
error-malformed = Запрос не читается. Сверьте его вид с описанием интерфейса.
error-idempotency-mismatch = Этот ключ уже использован для другого запроса. Возьмите новый ключ.
error-not-found = Такой страницы или записи нет. Проверьте адрес или перейдите на главную страницу.
error-method-not-allowed = Эта страница не принимает такой запрос. Вернитесь и воспользуйтесь её кнопками.
error-forbidden = Вам это не разрешено. Если это нужно, обратитесь к ответственному за обработку.
error-unauthorized = Сначала войдите.
error-rate-limited = Слишком много попыток. Подождите { $minutes } мин и попробуйте снова.
error-csrf = Страница была открыта слишком долго или пришла с другого сайта. Обновите её и отправьте снова.
error-session-expired = Вы долго ничего не делали, и вход закончился. Войдите снова.
error-code-wrong = Код не подошёл. Сверьте его с письмом; можно запросить новый.
error-code-expired = Срок кода прошёл. Запросите новый.
error-secret-wrong = Этот код ничего не открывает. Проверьте каждый знак; код стоит на вашей квитанции.
error-confirmation-mismatch = Слово не совпадает. Введите его точно так, как показано.
error-password-weak = Пароль слишком короткий или слишком известный. Возьмите не меньше { $limit } знаков, которые больше нигде не используете.
error-password-mismatch = Пароли не совпадают. Введите один и тот же дважды.
error-login-wrong = Неверен логин, пароль или код. Проверьте все три.
error-link-used = Ссылка уже использована или её срок прошёл. Запросите новую.
error-storage-unavailable = Сейчас мы не можем ничего сохранить, поэтому ничего не приняли. Попробуйте через несколько минут.
error-disk-full = Для новых данных сейчас нет места. Отзыв, блокирование и уничтожение работают. Остальное попробуйте позже.
error-log-unavailable = Журнал сейчас недоступен, а без записи в нём ничего не делается. Попробуйте через несколько минут.
error-internal = Сбой на нашей стороне; ничего не сохранено. Попробуйте снова или напишите на { $mailbox } и назовите { $reference }.

## Check answers and confirmation

check-title = Проверьте ответы
check-lead = Пока ничего не сохранено. Если всё верно, нажмите кнопку.
check-answers = Ваши ответы
check-consents = Вы соглашаетесь
check-not-consented = Вы не соглашаетесь
done-title = Мы получили вашу заявку
done-reference = Номер: { $number }
done-next-title = Что будет дальше
done-next-contact = Мы свяжемся с вами тем способом, который вы указали.
done-next-confirm = На указанную почту мы отправили письмо. Чтобы подтвердить адрес, войдите в кабинет с кодом, который придёт туда же.
done-next-status = Как идёт дело: видно по номеру, без входа.
done-next-change = Посмотреть, исправить, отозвать или удалить всё можно в кабинете.
done-receipt-title = Лист согласия
done-receipt-download = Скачать лист согласия
done-receipt-pending = Лист согласия будет готов через мгновение. Обновите страницу.
done-secret-title = Сохраните этот код
done-secret-text = Он открывает ваши данные без электронной почты. Мы показываем его один раз и не храним. Никому его не показывайте.
refused-title = Вы не согласились
refused-text = О вас ничего не сохранено. Страницу можно закрыть.

## Sign in, /account

signin-title = Вход в личный кабинет
signin-lead = Пароль не нужен. Выберите способ.
signin-email-title = С кодом по электронной почте
signin-email-button = Отправить код
signin-secret-title = С кодом с вашей квитанции
signin-secret-label = Код с квитанции
signin-secret-hint = Буквы и цифры, как напечатано. Пробелы и дефисы не важны.
signin-secret-button = Открыть мои данные
signin-code-title = Введите код
signin-code-sent = Если этот адрес нам известен, код уже отправлен туда. Он действует { $minutes } мин.
signin-code-label = Код из письма
signin-code-button = Войти
signin-code-again = Отправить новый код
signin-no-letter = Письма нет? Посмотрите в спаме или войдите с кодом с квитанции.
signin-phone-only = Если вы указали только телефон, войдите с кодом с квитанции или позвоните нам.
signout-done = Вы вышли из кабинета.
contact-confirm-title = Подтвердите адрес
contact-confirm-button = Это мой адрес
contact-confirmed = Адрес подтверждён.
contact-not-me-title = Это были не вы
contact-not-me-text = Кто-то указал ваш адрес. Нажмите кнопку: мы прекратим использовать эту запись и уничтожим её.
contact-not-me-button = Это был не я
contact-not-me-done = Обработка записи прекращена, она будет уничтожена до { $date }.

## Account: my data

account-title = Личный кабинет
account-nav-data = Мои данные
account-nav-consents = Мои согласия
account-nav-history = Кто смотрел
account-nav-requests = Мои обращения
account-nav-export = Выгрузка
account-nav-erase = Удалить всё
data-title = Мои данные
data-lead = Это всё, что мы о вас храним.
data-value = Значение
data-category = Что это
data-source = Откуда
data-as-of = На дату
data-state = Состояние
data-proven = подтверждено
data-unproven = не подтверждено
data-restricted = заблокировано
restriction-kind-dispute = спор: до решения не используется и не уничтожается
restriction-kind-pending-destruction = ждёт уничтожения
restriction-kind-on-demand = остановлено по вашей просьбе
data-empty = Никаких значений о вас мы не храним.
data-edit = Исправить
data-edit-title = Исправить: { $category }
data-edit-new = Новое значение
data-edit-effect = Старое значение уничтожается сразу. Вы получите сообщение о том, что изменилось.
data-edit-contact = Новый адрес или номер начнёт действовать после подтверждения. На прежний придёт сообщение, и { $hours } ч оттуда можно возразить.
data-edit-button = Сохранить новое значение
data-edit-done = Исправлено. Старое значение уничтожено.
data-delete = Удалить
data-delete-title = Удалить: { $category }
data-delete-effect = Значение уничтожается сразу, вернуть его нельзя. Без него останутся цели: { $purposes }.
data-delete-button = Удалить это значение
data-delete-done = Уничтожено. Квитанция ниже.

## Account: consents

consents-title = Мои согласия
consents-lead = Каждая цель отдельно. Любую можно отозвать прямо сейчас.
consents-empty = Согласий вы не давали.
consent-status-requested = запрошено, ответа нет
consent-status-given = действует
consent-status-refused = отказано
consent-status-withdrawn = отозвано вами
consent-status-expired = срок закончился
consent-status-invalidated = недействительно
consent-status-revoked = прекращено не вами
consent-timeline = Ход согласия
timeline-given = Дано { $date }
timeline-now = Сегодня
timeline-ends = Закончится { $date }
timeline-ended = Закончилось { $date }
timeline-withdrawn = Отозвано { $date }
timeline-destroy-by = Данные уничтожаются до { $date }
timeline-destroyed = Данные уничтожены { $date }
consents-form = Форма
consents-notice = Редакция политики
consents-shown = Текст, который вы видели
consents-button = Кнопка, которую вы нажали
consents-receipt = Лист согласия
withdraw-button = Отозвать согласие
withdraw-title = Отозвать согласие: { $purpose }
withdraw-effect = Использование данных для этой цели прекращается сразу. Данные, которые не нужны для других целей, уничтожаются до { $date }.
withdraw-all = Отозвать все согласия
withdraw-done = Согласие отозвано. Использование данных прекращено.
withdraw-receipt = Квитанция об отзыве
withdraw-refused = Часть пока нельзя прекратить: { $reason }. Это закончится { $date }. Всё остальное прекращено.
withdraw-again = Чтобы снова дать согласие, заполните форму ещё раз.

## Account: history of looks and acts

history-title = Кто смотрел ваши данные
history-lead = Каждый просмотр записывается до показа данных. Отказы тоже здесь.
history-who = Кто
history-why = Зачем
history-when = Когда
history-clause = Пункт
history-what = Что
history-proof = Доказательство
history-empty = Ваши данные никто не смотрел.
# One per entry kind of the log, entry-<kind>

entry-collection = Форма получена
entry-obtaining = Данные получены другим путём
entry-recording = Значение записано
entry-systematisation = Записи упорядочены
entry-accumulation = Записи добавлены
entry-storage = Хранение начато или пересмотрено
entry-rectification = Значение исправлено
entry-retrieval = Данные просмотрены
entry-use = Данные использованы
entry-distribution = Опубликовано
entry-disclosure = Передано получателю
entry-third-party-access = Получателю открыт доступ
entry-anonymisation = Обезличено
entry-restriction = Заблокировано
entry-restriction-lifted = Блокирование снято
entry-deletion = Значение удалено
entry-destruction = Уничтожено
entry-consent = Согласие дано
entry-withdrawal = Согласие отозвано
entry-decision = Проверено, можно ли использовать данные
entry-refusal = В просмотре или использовании отказано
entry-sign-in = Вход в кабинет
entry-contact-proven = Контакт подтверждён
entry-enquiry = Состояние заявки изменилось
entry-request = Состояние обращения изменилось
entry-notice-published = Опубликована редакция политики
entry-operator-changed = Сотрудник добавлен или изменён
entry-api-key-changed = Ключ интерфейса создан или отозван
entry-keys-rotated = Ключи шифрования заменены
entry-backup = Сделана резервная копия
entry-restore = Восстановлено из копии
entry-log-opened = Журнал открыт
entry-access-package = Данные выгружены для вас
entry-evidence-destroyed = Сохранённое доказательство уничтожено
entry-receipt-handed-over = Лист согласия выдан сайту, через который вы его дали
entry-terms-changed = Изменены условия вашей записи
entry-group-rule = Правило о группе записей

## Account: export

export-title = Выгрузить мои данные
export-lead = Всё, что у нас есть: значения, цели, источники, сроки, получатели, согласия и кто смотрел. Бесплатно.
export-json = Скачать в JSON
export-json-hint = Для программ: файл прочитает другой сервис.
export-page = Открыть страницей
export-page-hint = Для людей: можно прочитать и сохранить.
export-warning = В файле ваши данные открытым текстом. Храните его там, где его никто другой не прочтёт.

## Account: delete everything

erase-title = Удалить всё
erase-lead = Прочитайте, что произойдёт. После последнего шага вернуть данные не сможет никто – ни мы, ни вы.
erase-consequence-values = { $count ->
        [one] Будет уничтожено { $count } значение о вас.
        [few] Будут уничтожены { $count } значения о вас.
       *[many] Будет уничтожено { $count } значений о вас.
    }
erase-consequence-consents = Все согласия отзываются сразу.
erase-consequence-enquiries = Открытые заявки закрываются без ответа.
erase-consequence-account = Кабинет закрывается. Код с квитанции перестаёт действовать.
erase-consequence-recipients = Получатели обязаны уничтожить свои копии: { $recipients }.
erase-consequence-recipients-none = Ваши данные никому не передавались, больше никого извещать не нужно.
erase-consequence-backups = Ключи ко всем копиям, включая резервные, исчезнут до { $date }.
erase-export-first = Нужна копия? Сначала скачайте выгрузку.
erase-confirm-word = удалить
erase-confirm-label = Для подтверждения введите: { $word }
erase-button = Уничтожить мои данные
erase-keep-button = Оставить мои данные
erase-done-title = Ваши данные уничтожены
erase-done-text = Скачайте квитанцию сейчас. После этой страницы мы уже не сможем вас найти.
erase-receipt = Квитанция об уничтожении
erase-receipt-download = Скачать квитанцию об уничтожении
erase-retained-title = Что остаётся и почему
erase-retained-log = Записи журнала без человека: видно, что действия были, но не видно чьи.
erase-retained-tombstone = Отметка, что запись уничтожена: чтобы её не вернула резервная копия.
erase-retained-commitment = Проверочный код вашего листа согласия. Прочитать по нему ничего нельзя. Основание: { $ground }. Уничтожается { $date }.
erase-retained-letter = Ваш подтверждённый адрес e-mail, под отдельным ключом, ради одного письма: { $ground }. Самое позднее { $date }; прочитать его никто не может.
erase-residues = Остатки старых копий станут нечитаемы до { $date }.

## Requests, /requests/{number}

request-title = Обращение { $number }
request-new = Новое обращение
request-kind-access = Узнать, что хранится
request-kind-rectification = Исправить данные
request-kind-restriction = Заблокировать обработку
request-kind-objection = Возразить против автоматического решения
request-kind-withdrawal = Отозвать согласие
request-kind-erasure = Уничтожить данные
request-kind-unlawful-processing = Сообщить о незаконной обработке
request-kind-question = Задать вопрос
request-text = Чего вы просите?
request-button = Отправить обращение
request-received = Получено { $date }
request-due = Ответ до { $date }
request-status-received = получено
request-status-contact-unproven = ждёт подтверждения контакта
request-status-verified = заявитель проверен
request-status-confirmed = принято к исполнению
request-status-refused = мотивированный отказ
request-status-completed = исполнено
request-refused-reason = Причина: { $reason }
request-appeal = Отказ можно обжаловать в уполномоченный орган по защите персональных данных или в суд.
requests-empty = Обращений вы не отправляли.

## Where a matter stands, by its number; and the sign-ins of the account

status-kind-enquiry = Заявка
status-what = Что это
status-lead = Здесь видно, как идёт дело, каждому, у кого есть номер. О человеке здесь ничего нет.
status-life = Ход дела
status-limit = Крайний срок
status-own = Открыть в кабинете
status-account = Больше – в кабинете, после входа
status-unknown-title = Под этим номером ничего нет
status-unknown-text = Проверьте номер. Если он был верным, всё о нём уже уничтожено.
sessions-title = Все входы
sessions-lead = Входы в ваш кабинет, которые ещё не закончились. Мы храним, когда и как вы вошли, и никогда – откуда.
sessions-began = Начат
sessions-ends = Закончится сам
sessions-how = Как
sessions-by-code = по коду из письма
sessions-by-secret = по коду из квитанции
sessions-this = этот
sessions-end = Завершить
sessions-end-others = Завершить все другие
sessions-done = Завершено.

## Verify a receipt, /receipts/verify

verify-title = Проверить квитанцию
verify-lead = Вставьте квитанцию или выберите файл. Для проверки вход не нужен, файл не сохраняется.
verify-paste = Текст квитанции
verify-file = Или файл
verify-button = Проверить
verify-valid = Квитанция подлинная
verify-valid-text = Она записана в журнале { $origin } и не менялась.
verify-invalid = Квитанция не прошла проверку
verify-invalid-text = В ней что-то изменено, или она из другого журнала. Возьмите файл, который скачали, и попробуйте ещё раз.
verify-unreadable = Это не квитанция
verify-unreadable-text = Текст не читается. Вставьте файл целиком, от первого знака до последнего.
verify-self-asserted = Ключ взят из самой квитанции. Для уверенности сравните его с ключом, который публикует компания: { $key }
verify-offline = Проверить можно и без нас: senim verify FILE
verify-kind = Вид
verify-recorded-at = Записано
verify-kind-consent = лист согласия
verify-kind-withdrawal = квитанция об отзыве
verify-kind-disclosure = квитанция о передаче
verify-kind-rectification = квитанция об исправлении
verify-kind-destruction = квитанция об уничтожении

## Evidence, /evidence

evidence-title = Как выполняется каждый пункт
evidence-lead = Посчитано сейчас, по этой системе. Что ещё не сделано, о том так и сказано.
evidence-clause = Пункт
evidence-control = Чем обеспечено
evidence-test = Как проверено
evidence-result = Результат
evidence-holds = выполняется
evidence-broken = нарушено
evidence-not-built = ещё не сделано
evidence-unknown = проверить не удалось
evidence-computed-at = Посчитано { $date }
evidence-summary = Выполняется: { $kept }, нарушено: { $broken }, ещё не сделано: { $missing }

## Comments and cookies: honest about what is not collected

comments-title = Комментарии
comments-none = Комментарии на этом сайте пока не принимаются. Ни о ком ничего не публикуется.
comments-when = Когда они появятся, на каждую публикацию понадобится ваше согласие, с предупреждением, что её могут скопировать.
cookies-title = Cookies
cookies-lead = Сайт ставит только те cookies, без которых не работает. Посещения не считаются, за вами никто не следит.
cookies-name = Название
cookies-purpose = Для чего
cookies-lifetime = До какого времени
cookies-session-text = Помнит, что вы вошли
cookies-csrf-text = Защищает формы от чужих сайтов
cookies-language-text = Помнит язык
cookies-until-close = до закрытия браузера
cookies-not-collected = Cookies для статистики и рекламы: не собираются. Если это изменится, они останутся выключены, пока вы их не включите.
cookies-ip = IP-адрес и страница, с которой вы пришли, не хранятся рядом с вашими данными.
cookies-gpc = Ваш браузер просит не следить за вами (GPC). Мы считаем это отказом.

## Console for operators, /console: sign-in and set-up

console-title = Рабочее место сотрудника
console-login-title = Вход для сотрудников
console-login-name = Логин
console-login-password = Пароль
console-login-totp = Код из приложения
console-login-totp-hint = 6 цифр, меняются каждые 30 секунд
console-login-button = Войти
console-setup-title = Настройте доступ
console-setup-lead = Ссылка работает один раз. Придумайте пароль, затем добавьте ключ в приложение для кодов.
console-setup-name = Ваш логин
console-setup-password = Новый пароль
console-setup-password-hint = Не меньше { $limit } знаков. Лучше несколько слов подряд. Больше нигде его не используйте.
console-setup-password-again = Тот же пароль ещё раз
console-setup-totp-title = Второй шаг
console-setup-totp-lead = Отсканируйте рисунок приложением для кодов или введите ключ вручную.
console-setup-totp-key = Ключ
console-setup-button = Сохранить и войти
console-setup-done = Доступ настроен.
console-undertaking = Открывать данные можно после письменного обязательства и обучения (пункт 11.4).
console-nav-label = Разделы
console-nav-enquiries = Заявки
console-nav-requests = Обращения
console-nav-mail = Письма
console-nav-log = Журнал
console-nav-notices = Редакции политики
console-nav-settings = Настройки
console-signed-in-as = { $name }, роли: { $roles }

## Console: enquiries

enquiries-title = Заявки
enquiries-empty = Таких заявок нет.
enquiries-count = { $count ->
        [one] { $count } заявка
        [few] { $count } заявки
       *[many] { $count } заявок
    }
enquiries-number = Номер
enquiries-received = Получена
enquiries-form = Форма
enquiries-status = Состояние
enquiries-due = Срок
enquiries-contact = Контакт
enquiries-filter = Отобрать
enquiries-filter-status = Состояние
enquiries-filter-form = Форма
enquiries-filter-all = все
enquiries-filter-clear = Сбросить отбор
enquiry-title = Заявка { $number }
enquiry-status-received = получена
enquiry-status-assigned = назначена
enquiry-status-in-work = в работе
enquiry-status-fulfilled = выполнена
enquiry-status-declined = человек отказался
enquiry-status-lapsed = истекла
enquiry-take = Взять в работу
enquiry-fulfil = Отметить выполненной
enquiry-fulfil-effect = Цель будет достигнута: согласие на неё закончится, данные уничтожатся до { $date }.
enquiry-drop = Закрыть: человек отказался

## Console: opening a person's data for a purpose

open-title = Открыть данные
open-lead = Выберите, для чего. Просмотр запишется, и человек его увидит.
open-purpose = Цель
open-categories = Только эти данные
open-button = Открыть данные
open-shown = Открыто для цели «{ $purpose }» в { $time }. Просмотр записан.
refusal-title = Отказано
refusal-lead = Данные не открыты. Причина:
refusal-recorded = Отказ тоже записан.
refusal-next = Что можно сделать
find-title = Найти человека
find-label = Электронная почта, телефон или ИИН
find-button = Найти
find-empty = С таким контактом никого нет.

## Console: mail outbox

outbox-title = Письма
outbox-lead = Без почтового сервера письма ждут здесь. Кроме адреса, персональных данных в них нет.
outbox-empty = Писем нет.
outbox-kind = Письмо
outbox-created = Создано
outbox-attempts = Попытки
outbox-next-try = Следующая попытка
outbox-open = Прочитать
outbox-status-waiting = ждёт
outbox-status-sent = отправлено
outbox-status-cancelled = отменено: согласие отозвано
outbox-status-failed = не доставлено

## Console: log

log-title = Журнал
log-number = №
log-entry = Запись
log-time = Время
log-actor = Кто
log-purpose = Цель
log-categories = Данные
log-clause = Пункт
log-checkpoint = Контрольная точка: записей { $size }, корень { $root }
log-origin = Журнал
log-key = Открытый ключ
log-empty = Записей нет.

## Console: publishing a policy version

notices-title = Редакции политики
notices-publish-title = Опубликовать редакцию
notices-publish-lead = Файл публикуется байт в байт, изменить его потом нельзя.
notices-language = Язык
notices-effective = Действует с
notices-file = Файл
notices-publish-button = Опубликовать редакцию
notices-published = Редакция { $version } опубликована.
notices-findings = { $count ->
        [0] Замечаний нет.
        [one] { $count } замечание
        [few] { $count } замечания
       *[many] { $count } замечаний
    }

## Console: settings and interface keys

settings-title = Настройки
settings-operators = Сотрудники
settings-operator-add = Пригласить сотрудника
settings-operator-link = Одноразовая ссылка для сотрудника. Передайте её лично.
settings-roles = Роли
settings-role-purposes = Цели роли
settings-keys = Ключи интерфейса
settings-key-name = Название ключа
settings-key-add = Создать ключ
settings-key-once = Ключ показывается один раз. Скопируйте его сейчас.
settings-key-revoke = Отозвать ключ
settings-key-last-used = Последнее использование
settings-policy = Папка политики
settings-backup = Последняя копия, которую можно восстановить
settings-backup-none = Копии, которую можно восстановить, сейчас нет. Запустите: senim backup
settings-locations = Где находятся данные
settings-location-undeclared = не указано
settings-crypto = Шифрование – AES-256-GCM, программное. Это не сертифицированное СКЗИ по СТ РК 1073-2007.

## Account: receipts, other entries, sessions

site-copy = Скопировать
site-copied = Скопировано
site-not-printed = не печатается (пункт 11.5)
receipt-download = Скачать квитанцию
not-me-how = Кто-то указал ваш адрес. Войдите с кодом, который мы пришлём на этот адрес: вы увидите всё, что записано, и сможете отозвать согласие или удалить запись целиком.
account-confirm-title = Эту форму отправили вы?
account-confirm-text = Кто угодно мог указать ваш адрес. Пока вы не ответите, рассылки и реклама по этой записи не отправляются.
account-confirm-yes = Да, это моя запись
account-confirm-no = Нет, уничтожить её
account-confirm-done = Адрес в этой записи подтверждён.
account-others-title = Другие записи с этим адресом
account-others-text = Каждая отправленная форма хранится отдельно. Вы подтвердили адрес кодом и можете открыть каждую запись.
account-others-open = Открыть запись от { $date }
account-session-title = Этот вход
account-session-code = Вы вошли с кодом из письма. Вход закончится сам: { $date }.
account-session-secret = Вы вошли с кодом из квитанции. Вход закончится сам: { $date }.
consents-ends = Действует до
consents-clause = Цель
data-actions = Что можно сделать
restrict-effect = После нажатия данные блокируются сразу: их не используют и не передают, видите их только вы. Мы проверяем и сообщаем решение.
evidence-partly = соблюдается частично
evidence-summary-partly = частично: { $partly }
form-adult-legend = Возраст и дееспособность
