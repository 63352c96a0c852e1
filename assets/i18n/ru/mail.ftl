### Letters: a subject and a body each. No personal data in either.
### After the body come mail-footer and, where the clock is rehearsed, mail-rehearsal.

## Letters. No personal data in any of them: no name, no value, no content of an enquiry.

# $company, $mailbox: the controller; $link: where to act; $not_me_link: the entry is not mine; $code: one-time code; $date, $time, $number: plain text

mail-footer =

    В этом письме нет персональных данных. Мы никогда не просим пароль и копии документов.
    { $company }, { $mailbox }

mail-rehearsal = РЕПЕТИЦИЯ. Письмо не имеет юридической силы.

mail-draft = Казахский текст этого письма – проект, пока его не прочитал носитель языка.

## Sign-in code

mail-sign-in-code-subject = Код для входа: { $company }

mail-sign-in-code-body =
    Ваш код: { $code }

    Введите его на странице входа. Он действует { $minutes } мин и только один раз.

    Если вы его не запрашивали, ничего не делайте: без кода войти нельзя. Если вы к нам не обращались, откройте: { $not_me_link }

## A contact to confirm

mail-contact-confirmation-subject = Подтвердите адрес: { $company }

mail-contact-confirmation-body =
    Этот адрес указали в форме { $company }.

    Если это были вы, подтвердите адрес: { $link }

    До подтверждения мы ничего больше сюда не отправим. Если это были не вы, откройте: { $not_me_link }
    Тогда мы прекратим использовать эту запись и уничтожим её.

## A contact was replaced; goes to the old one

mail-contact-changed-subject = Ваш контакт заменяют: { $company }

mail-contact-changed-body =
    В личном кабинете вместо этого контакта указали другой.

    Если это были вы, ничего не делайте. Если нет, возразите до { $date }: { $not_me_link }
    Тогда этот контакт останется.

## Consent given

mail-consent-given-subject = Ваше согласие: { $company }

mail-consent-given-body =
    Дано согласие для { $company }. Номер: { $number }.

    На что вы согласились, до какого дня и как это отозвать: { $link }

    Если это были не вы, откройте: { $not_me_link }

## Withdrawal done

mail-withdrawal-done-subject = Согласие отозвано: { $company }

mail-withdrawal-done-body =
    Ваш отзыв подействовал { $date } в { $time }. Использование данных прекращено.

    Что именно прекращено, и квитанция: { $link }

    Если это были не вы, откройте: { $not_me_link }

## Data changed

mail-data-changed-subject = Ваши данные изменены: { $company }

mail-data-changed-body =
    { $date } данные о вас изменены или удалены. Старые значения уничтожены.

    Что изменилось: { $link }

    Если это были не вы, откройте: { $not_me_link }

## Erasure done; the last letter to this address, which is destroyed after it

mail-erasure-done-subject = Ваши данные уничтожены: { $company }

mail-erasure-done-body =
    { $date } уничтожено всё, что { $company } о вас хранила. Вместе с остальным уничтожается и этот адрес: писем больше не будет.

    Номер квитанции об уничтожении: { $number }. Как её проверить: { $link }

## New sign-in

mail-new-sign-in-subject = Вход в ваш кабинет: { $company }

mail-new-sign-in-body =
    { $date } в { $time } выполнен вход в ваш личный кабинет.

    Если это были вы, ничего не делайте. Если нет, откройте: { $not_me_link }
    Все входы сразу прекратятся.

## "This was not me" has been carried out

mail-not-me-done-subject = Мы остановились: { $company }

mail-not-me-done-body =
    Вы сообщили, что это были не вы. Запись больше не используется и будет уничтожена до { $date }.

    Больше ничего делать не нужно.

## A request was received

mail-request-received-subject = Обращение { $number } получено: { $company }

mail-request-received-body =
    Мы получили ваше обращение { $number }. Ответ вы получите до { $date }.

    Как идут дела: { $link }

    Если это были не вы, откройте: { $not_me_link }

## A request was answered

mail-request-answered-subject = Ответ на обращение { $number }: { $company }

mail-request-answered-body =
    Ответ на ваше обращение { $number } готов: { $link }

    Если он вас не устроит, в нём сказано, куда его обжаловать.

    Если обращались не вы, откройте: { $not_me_link }

## A new version of the policy

mail-notice-changed-subject = Политика изменилась: { $company }

mail-notice-changed-body =
    С { $date } действует редакция политики { $version }. Ваши согласия от этого не расширяются.

    Что изменилось и как не согласиться: { $link }

    Если это согласие не ваше, откройте: { $not_me_link }

## Consent ends soon or has ended

mail-consent-expired-subject = Срок вашего согласия закончился: { $company }

mail-consent-expired-body =
    { $date } закончился срок вашего согласия. Данные по нему больше не используются и уничтожаются.

    Какое согласие: { $link }

    Если это согласие не ваше, откройте: { $not_me_link }
