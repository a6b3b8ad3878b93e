<?php
/*
 * A front end in PHP: an office's own site in front of `ikd serve`, in one file and without a library.
 *
 *     ikd access new situs --tokens akses.json --role resident --office payakumbuh
 *     ikd serve --store sqlite:///ikd.db --tokens akses.json --channel file:mail
 *     IKD_TOKEN=ikd_… IKD_OFFICE=payakumbuh php -S 127.0.0.1:8080 examples/php/index.php
 *
 * People register here, see where their case stands, and complain. The app on the phone talks to the
 * same session below /ponsel/: what it signed is passed on as it came. No key of a phone and no PIN is
 * ever kept here. A real site runs behind TLS, with cookies that are `secure`.
 */

declare(strict_types=1);

const ACTS = ['submit_biometric', 'answer_pairing', 'enter_pin', 'reissue_pin', 'withdraw',
    'correct_contact', 'sign_in', 'renew_sign_in', 'set_passcode'];  // what a phone signs
const OF_IDENTITY = ['sign_in', 'renew_sign_in', 'set_passcode'];
const LONGEST = 2 * 1024 * 1024;  // bytes of what a phone sends

final class Problem extends RuntimeException
{
    public function __construct(public readonly array $told, int $status)
    {
        parent::__construct($told['words']['id'] ?? 'Layanan sedang terganggu. Coba lagi sebentar lagi.', $status);
    }
}

/* Asks ikd, and returns what it answers. An address never holds more than what is asked. */
function ikd(string $path, array|object $body, string $key = '-'): array
{
    $headers = ['Content-Type: application/json', 'Authorization: Bearer ' . getenv('IKD_TOKEN'), "Idempotency-Key: $key"];
    $sent = ['method' => 'POST', 'header' => $headers, 'content' => json_encode($body, JSON_THROW_ON_ERROR),
        'ignore_errors' => true, 'timeout' => 35];
    $address = getenv('IKD_ADDRESS') ?: 'http://127.0.0.1:8137';
    $answer = @file_get_contents($address . $path, false, stream_context_create(['http' => $sent]));
    $told = $answer === false ? [] : (json_decode($answer, true) ?? []);
    $status = (int) substr($http_response_header[0] ?? 'HTTP/1.1 503', 9, 3);
    return $status === 200 ? $told : throw new Problem($told, $status);
}

function actor(): array
{
    return ['role' => 'resident', 'id' => $_SESSION['id']];
}

function does(string $act, array|object $command, string $key): array
{
    return ikd("/v1/commands/$act", ['actor' => actor(), 'command' => $command], $key);
}

function sees(string $read, array $asked): mixed
{
    return ikd("/v1/reads/$read", ['actor' => actor(), 'read' => (object) $asked])['answer'];
}

function e(mixed $text): string
{
    return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE);
}

/* A key is drawn with the form, so that a double click and a reload are one write. */
function form(string $to, string $fields, string $button): string
{
    $key = bin2hex(random_bytes(16));
    $hidden = "<input type=hidden name=key value=$key><input type=hidden name=guard value={$_SESSION['guard']}>";
    return "<form method=post action=$to>$hidden$fields<p><button>$button</button></form>";
}

function field(string $name, string $label, string $type = 'text', string $more = ''): string
{
    $typed = e($_POST[$name] ?? '');
    return "<p><label>$label<br><input name=$name type=$type value=\"$typed\" $more></label>";
}

function page(string $title, string $inside, int $status = 200): never
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    $at = e(ucfirst(getenv('IKD_OFFICE')));
    $links = '<a href=/daftar>Daftar</a> <a href=/kasus>Permohonan saya</a> <a href=/aduan>Pengaduan</a>';
    exit("<!doctype html><html lang=id><meta name=viewport content='width=device-width'><title>$title</title>"
        . "<nav>$links</nav><main><h1>$title</h1>$inside</main><footer>IKD $at</footer>");
}

function json(array $told, int $status = 200): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    exit(json_encode($told, JSON_THROW_ON_ERROR));
}

function register(): never
{
    if ($_SERVER['REQUEST_METHOD'] === 'GET') {
        page('Daftar', registration());
    }
    $device = ['kind' => 'smartphone', 'platform' => $_POST['platform'] ?? 'android',
        'os_version' => $_POST['os_version'] ?? '', 'online' => true, 'key' => $_POST['device'] ?? ''];
    $asked = ['office' => getenv('IKD_OFFICE'), 'nik' => $_POST['nik'] ?? '', 'email' => $_POST['email'] ?? '',
        'phone' => $_POST['phone'] ?? '', 'device' => $device];
    try {
        $told = does('register', $asked, $_POST['key']);
    } catch (Problem $problem) {
        page('Daftar', '<p role=alert>' . e($problem->getMessage()) . registration(), $problem->getCode());
    }
    $_SESSION['application_id'] = $told['id'];
    header('Location: /kasus', true, 303);
    exit;
}

function registration(): string
{
    return form('/daftar', field('nik', 'NIK', 'text', 'inputmode=numeric autocomplete=off')
        . field('email', 'Surel', 'email') . field('phone', 'Nomor ponsel', 'tel')
        . field('os_version', 'Versi sistem ponsel')
        . field('device', 'Kunci ponsel, dari aplikasi'), 'Daftar');
}

function whereItStands(): never
{
    if (!isset($_SESSION['application_id'])) {
        page('Permohonan saya', '<p>Belum ada permohonan di sesi ini. <a href=/daftar>Daftar</a>');
    }
    $told = sees('where', ['record_id' => $_SESSION['application_id']]);
    $steps = array_map(fn ($one) => "<li>{$one['number']}. " . e($one['text']), $told['waits']['items']);
    $until = $told['waits']['until'] ? '<p>Sampai ' . e($told['waits']['until']) : '';
    page('Permohonan saya', '<p>' . e($told['words']['id']) . '<ol>' . implode('', $steps) . "</ol>$until");
}

function complain(): never
{
    $ask = form('/aduan', field('text', 'Pengaduan') . field('email', 'Surel, bila ingin dijawab', 'email'), 'Kirim')
        . form('/aduan/lihat', field('receipt', 'Nomor tanda terima', 'text', 'autocomplete=off'), 'Lihat');
    if ($_SERVER['REQUEST_METHOD'] === 'GET') {
        page('Pengaduan', $ask);
    }
    try {
        if ($_SERVER['REQUEST_URI'] === '/aduan/lihat') {
            $told = sees('complaint', ['receipt' => $_POST['receipt'] ?? '']);
            page('Pengaduan', '<p>' . e($told['waiting']['words']['id']));
        }
        $named = ($_POST['email'] ?? '') === '' ? ['naming' => 'anonymous'] : ['email' => $_POST['email']];
        $asked = ['office' => getenv('IKD_OFFICE'), 'channel' => getenv('IKD_CHANNEL') ?: 'email',
            'message' => 'aduan', 'text' => $_POST['text'] ?? '', ...$named];
        $told = does('file_complaint', $asked, $_POST['key']);
    } catch (Problem $problem) {
        page('Pengaduan', '<p role=alert>' . e($problem->getMessage()) . $ask, $problem->getCode());
    }
    page('Pengaduan', '<p>' . e($told['public']['id']) . '<p>Nomor tanda terima, simpan baik-baik: <b>'
        . e($told['receipt']['receipt']) . '</b>');
}

/* The app's side: it signs, this passes on. The case is the session's, whatever the phone says. */
function relay(string $asked): never
{
    $raw = file_get_contents('php://input', false, null, 0, LONGEST + 1);
    $sent = json_decode($raw, false, 32);
    if (!$sent instanceof stdClass || strlen($raw) > LONGEST) {
        json(['error' => 'body'], 400);
    }
    $act = $asked === 'challenge' ? ($sent->act ?? '') : $asked;
    $name = in_array($act, OF_IDENTITY, true) || $asked === 'credential' ? 'identity_id' : 'application_id';
    if (!isset($_SESSION[$name]) || !in_array($act, [...ACTS, 'captcha', 'credential'], true)) {
        json(['error' => 'path'], 404);
    }
    $record = $_SESSION[$name];
    if ($asked === 'challenge') {
        json(['record' => $record, 'challenge' => sees('challenge', ['record_id' => $record, 'act' => $act])]);
    }
    if (in_array($asked, ['captcha', 'credential'], true)) {
        json(['answer' => sees($asked, [$name => $record])]);
    }
    $sent->$name = $record;
    $told = does($asked, $sent, $_SERVER['HTTP_IDEMPOTENCY_KEY'] ?? '');
    foreach ($told['events'] as $event) {
        $_SESSION['identity_id'] = $event['identity_id'] ?? $_SESSION['identity_id'] ?? null;
    }
    json(['public' => $told['public'], 'status' => $told['status'], 'events' => array_column($told['events'], 'event')]);
}

session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Strict', 'use_strict_mode' => true]);
$_SESSION['id'] ??= implode('-', str_split(bin2hex(random_bytes(12)), 8));  // no long number: it is journalled
$_SESSION['guard'] ??= bin2hex(random_bytes(16));
header("Content-Security-Policy: default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
header('Cache-Control: no-store');
header('Referrer-Policy: no-referrer');
$path = $_SERVER['REQUEST_URI'];
$fromPhone = str_starts_with($path, '/ponsel/') && $_SERVER['REQUEST_METHOD'] === 'POST';
$isJson = ($_SERVER['CONTENT_TYPE'] ?? '') === 'application/json';  // which no form of another site can send
try {
    if ($_SERVER['REQUEST_METHOD'] === 'POST' && !($fromPhone ? $isJson : hash_equals($_SESSION['guard'], $_POST['guard'] ?? ''))) {
        page('Ulangi', '<p>Halaman ini sudah terlalu lama. Buka lagi dan kirim sekali lagi.', 403);
    }
    match (true) {
        $fromPhone => relay(substr($path, strlen('/ponsel/'))),
        $path === '/daftar' => register(),
        $path === '/kasus' => whereItStands(),
        $path === '/aduan', $path === '/aduan/lihat' => complain(),
        $path === '/' => page('IKD', '<p>Aktivasi Identitas Kependudukan Digital.'),
        default => page('Tidak ada', '<p>Halaman itu tidak ada.', 404),
    };
} catch (Problem $problem) {
    if ($fromPhone) {
        json(['error' => $problem->told['error'] ?? 'outside', 'words' => $problem->told['words'] ?? null], $problem->getCode());
    }
    page('Belum berhasil', '<p role=alert>' . e($problem->getMessage()), $problem->getCode());
}
