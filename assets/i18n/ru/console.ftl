### Words of the console and of the errors that only it and the interface have. Same keys in ru, kk and en.

## Console: frame and first page

console-home-title = Состояние
console-nav-home = Состояние
console-nav-people = Люди
console-nav-evidence = Доказательства
console-nav-keys = Ключи
console-nav-operators = Сотрудники
console-role = Роль
console-pages = Страницы списка
console-row-filter = Отобрать на этой странице
console-row-count = Строк: {"{}"}
console-setup-name-hint = Латинские буквы, цифры, точка, дефис, подчёркивание
console-setup-qr = QR-код с ключом для приложения
console-setup-confirm = Завершить настройку
console-setup-next-code = Код работает один раз. Для входа дождитесь следующего.
health-title = Как работает система
health-fine = в порядке
health-attention = проверьте
health-store = База данных
health-stopped = остановлена
health-stopped-next = Была ошибка хранения, поэтому ничего больше не принимается. Перезапустите сервер.
health-keys = Ключи шифрования
health-epoch = Эпоха { $epoch }, до { $date }
health-no-smtp = почтовый сервер не указан
health-letters = { $count ->
        [one] Ждёт { $count } письмо
        [few] Ждут { $count } письма
       *[other] Ждут { $count } писем
    }
health-enquiries = { $count ->
        [one] { $count } новая заявка
        [few] { $count } новые заявки
       *[other] { $count } новых заявок
    }
health-encryption = Шифрование
health-backup = Проверьте на сервере: senim doctor
health-location-database = база данных
health-location-keystore = хранилище ключей
health-location-backups = резервные копии
health-location-mail = почтовый сервер

## Console: enquiries, people, requests

enquiry-changed = Состояние изменено
enquiry-do-assigned = Назначить
enquiry-do-in-work = Взять в работу
enquiry-do-fulfilled = Отметить выполненной
enquiry-do-declined = Закрыть: человек отказался
enquiry-do-lapsed = Закрыть: истекла
open-none = Ваши роли не открывают данных людей
open-none-next = Передайте задачу сотруднику, чья роль работает с этой целью.
open-categories-hint = Ничего не отмечено: откроется всё, что нужно для цели
open-empty = Для этой цели данных нет.
open-again = Открыть для другой цели
find-hint = Поиск запишется в журнал
find-record = Запись
find-empty-next = Проверьте каждый знак. Удалённые записи не находятся.
find-count = { $count ->
        [one] Найдена { $count } запись
        [few] Найдены { $count } записи
       *[other] Найдено { $count } записей
    }
request-kind = О чём
request-step = Что сделать
requests-none = Обращений нет.
request-do-verified = Заявитель проверен
request-do-confirmed = Принять к исполнению
request-do-completed = Исполнить сейчас
request-do-refused = Отказать

## Console: letters, evidence, log, keys, operators, notices

outbox-to = Кому
outbox-open-lead = Каждое открытое письмо запишется, и человек увидит просмотр.
outbox-open-all = Открыть письма
outbox-closed = Письмо не открывается: нет основания или запись удалена
evidence-obligation = Обязательство
log-check = Проверить весь журнал
log-check-sound = Журнал проверен целиком: расхождений нет.
log-check-broken = В журнале есть расхождения
log-older = Раньше
log-newer = Позже
keys-empty = Ключей нет.
key-role = Роль ключа
key-purposes = Только для этих целей
key-purposes-hint = Ничего не отмечено: для всех целей роли
key-active = действует
key-revoked = отозван
operator-active = работает
operator-pending = настраивает доступ
operator-revoked = доступ закрыт
operator-suspended = вход приостановлен
operator-suspend = Приостановить вход
operator-resume = Снова впустить
operator-revoke = Закрыть доступ навсегда
operator-link-make = Создать ссылку
notices-version = Редакция
notices-published-at = Опубликована
notices-coming = ещё не действует
notices-none = Редакций нет.
notices-how = Редакцию публикуют на сервере:

## Errors of the console and the interface

error-login-invalid = Логин: до 64 латинских букв, цифр, точек, дефисов и подчёркиваний. Уберите остальные знаки.
error-login-taken = Этот логин занят. Выберите другой.
error-password-short = В пароле должно быть не меньше { $limit } знаков. Добавьте слов.
error-password-long = Пароль слишком длинный. Сократите его.
error-request-transition = Из этого состояния обращение так не меняется. Обновите страницу: неподтверждённое обращение исполнить нельзя.
error-request-kind-unknown = Такого вида обращений нет. Выберите из списка.
error-contact-of-several = Этот контакт есть в нескольких записях. Укажите subject_id.
error-not-integrated = Запись ещё не вошла в журнал. Повторите через несколько секунд.
