"""What the site says in place of allauth's own words: beside a field (誤りの文), and on top of the next page (お知らせ).

By allauth's keys. A key that is missing here is an announcement the site does not make.
"""

TRY_LATER = "短い時間に何度も試されたため、いまは受け付けていません。5分ほどたってから、もう一度お試しください。"
WRONG_LOGIN = "メールアドレスかパスワードが正しくありません。入力し直すか、パスワードを再設定してください。"
EMAIL_UNREAD = "メールアドレスの形になっていません。「名前@example.jp」の形で入力してください。"
WRONG_CODE = "番号が正しくありません。認証アプリに出ている新しい番号を入力してください。"

ACCOUNT_ERRORS = {
    "account_inactive": "このアカウントは止められています。お問い合わせ先にご連絡ください。",
    "duplicate_email": "そのメールアドレスは、すでにこのアカウントのものです。別のアドレスを入力してください。",
    "email_password_mismatch": WRONG_LOGIN,
    "username_password_mismatch": WRONG_LOGIN,
    "email_taken": "そのメールアドレスは使えません。別のアドレスを入力してください。",
    "enter_current_password": "いまのパスワードが正しくありません。入力し直してください。",
    "incorrect_code": WRONG_CODE,
    "incorrect_password": "パスワードが正しくありません。入力し直してください。",
    "invalid_or_expired_key": "リンクの期限が切れているか、正しくありません。もう一度メールを送ってください。",
    "invalid_login": WRONG_LOGIN,
    "invalid_password_reset": "リンクの期限が切れているか、正しくありません。もう一度メールを送ってください。",
    "max_email_addresses": "メールアドレスは%d件までです。",
    "rate_limited": TRY_LATER,
    "same_as_current": "いまと同じ内容です。別の内容を入力してください。",
    "too_many_login_attempts": TRY_LATER,
    "unverified_primary_email": "メールアドレスが確認されていません。届いたメールのリンクを開いてください。",
}
SECOND_FACTOR_ERRORS = {
    "add_email_blocked": "2段階認証を使っている間は、メールアドレスを変更できません。いったん2段階認証をやめてから変更してください。",
    "cannot_delete_authenticator": "2段階認証をやめることはできません。",
    "cannot_generate_recovery_codes": "予備の番号は、2段階認証を設定したあとに作れます。先に認証アプリかパスキーを設定してください。",
    "incorrect_code": WRONG_CODE,
    "unverified_email": "確認されていないメールアドレスがあります。届いたメールのリンクを開くか、変更を取りやめてから設定してください。",
}
SOCIAL_ERRORS = {
    "email_taken": "同じメールアドレスのアカウントがあります。そのアカウントにログインしてから、%sのIDをつないでください。",
    "invalid_token": "外部のIDを確かめられませんでした。もう一度お試しください。",
    "no_password": "パスワードがありません。先にパスワードを設定してください。",
    "no_verified_email": "確認済みのメールアドレスがありません。先にメールアドレスを確認してください。",
    "disconnect_last": "ログインの方法がなくなるため、外せません。先にパスワードを設定してください。",
    "connected_other": "その外部のIDは、別のアカウントにつながっています。",
}

ANNOUNCEMENTS = {
    "account/messages/cannot_delete_primary_email.txt": "いま使っているメールアドレスは消せません。",
    "account/messages/email_confirmation_failed.txt": "このメールアドレスは確認できませんでした。別のアドレスを登録してください。",
    "account/messages/email_confirmed.txt": "メールアドレスを確認しました。",
    "account/messages/email_deleted.txt": "変更を取りやめました。",
    "account/messages/logged_out.txt": "ログアウトしました。",
    "account/messages/password_changed.txt": "パスワードを変更しました。ほかの端末ではログアウトしました。",
    "account/messages/password_set.txt": "パスワードを設定しました。",
    "mfa/messages/recovery_codes_generated.txt": "予備の番号を作りました。安全な場所に控えてください。",
    "mfa/messages/totp_activated.txt": "認証アプリを設定しました。次のログインから、番号を入力します。",
    "mfa/messages/totp_deactivated.txt": "認証アプリを使うのをやめました。",
    "mfa/messages/webauthn_added.txt": "パスキーを登録しました。",
    "mfa/messages/webauthn_removed.txt": "パスキーを削除しました。",
    "socialaccount/messages/account_connected.txt": "外部のIDをつなぎました。",
    "socialaccount/messages/account_connected_other.txt": SOCIAL_ERRORS["connected_other"],
    "socialaccount/messages/account_disconnected.txt": "外部のIDを外しました。",
}
# Mails that tell the holder what was done with the account, by the name of allauth's template.
NOTICES = {
    "account_connected": "外部のIDがつながれました",
    "account_disconnected": "外部のIDが外されました",
    "email_changed": "メールアドレスが変更されました",
    "email_deleted": "メールアドレスが削除されました",
    "password_changed": "パスワードが変更されました",
    "password_reset": "パスワードが再設定されました",
    "password_set": "パスワードが設定されました",
    "recovery_codes_generated": "2段階認証の予備の番号が作り直されました",
    "totp_activated": "2段階認証の認証アプリが設定されました",
    "totp_deactivated": "2段階認証の認証アプリの使用が取りやめられました",
    "webauthn_added": "パスキーが登録されました",
    "webauthn_removed": "パスキーが削除されました",
}
# How to prove oneself again before something important, by allauth's name of the way.
PROOFS = {
    "reauthenticate": "パスワードで確かめる",
    "mfa_reauthenticate": "認証アプリの番号で確かめる",
    "mfa_reauthenticate:webauthn": "パスキーで確かめる",
}
