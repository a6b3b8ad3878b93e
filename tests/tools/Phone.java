// A reader and writer of the tokens in Java, after docs/reference/qr-token.md.
//
// It imports nothing of ikd and no library: what stands here is also in Android, but for Ed25519,
// which only whoever checks credentials needs. Signatures are DER there, r and s in tokens.
// The conformance set is run through it:
// `python tools/conformance run java tests/tools/Phone.java`.

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

public final class Phone {
    static final String SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    static final long DAY = 86_400, LAST = 253402300799L;
    static final BigInteger P = new BigInteger(
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    static final BigInteger B = new BigInteger(
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    static final BigInteger N = new BigInteger(
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    static final class Refusal extends RuntimeException {}

    static void want(boolean holds) {
        if (!holds) throw new Refusal();
    }

    // --- bytes -----------------------------------------------------------------------------------

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) whole.writeBytes(part);
        return whole.toByteArray();
    }

    static String hex(byte[] data) {
        StringBuilder text = new StringBuilder();
        for (byte one : data) text.append(String.format("%02x", one));
        return text.toString();
    }

    static byte[] bytes(String hex) {
        byte[] data = new byte[hex.length() / 2];
        for (int at = 0; at < data.length; at++) {
            data[at] = (byte) Integer.parseInt(hex.substring(2 * at, 2 * at + 2), 16);
        }
        return data;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] fromBase45(String text) {
        want(!text.isEmpty() && text.length() <= 2000 && text.length() % 3 != 1);
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); at += 3) {
            int size = Math.min(3, text.length() - at), number = 0;
            for (int digit = size - 1; digit >= 0; digit--) {
                int value = SIGNS.indexOf(text.charAt(at + digit));
                want(value >= 0);
                number = number * 45 + value;
            }
            want(number < 1 << 8 * (size - 1));
            if (size == 3) made.write(number >> 8);
            made.write(number);
        }
        return made.toByteArray();
    }

    static String toBase45(byte[] data) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < data.length; at += 2) {
            boolean pair = at + 1 < data.length;
            int number = pair ? (data[at] & 255) << 8 | data[at + 1] & 255 : data[at] & 255;
            for (int digit = 0; digit < (pair ? 3 : 2); digit++, number /= 45) {
                text.append(SIGNS.charAt(number % 45));
            }
        }
        return text.toString();
    }

    static byte[] inflated(byte[] data, int most) {
        Inflater machine = new Inflater();
        machine.setInput(data);
        byte[] made = new byte[most + 1];
        try {
            int size = 0;
            while (!machine.finished() && size <= most) {
                int more = machine.inflate(made, size, made.length - size);
                want(more > 0 || machine.finished());
                size += more;
            }
            want(machine.finished() && machine.getRemaining() == 0 && size <= most);
            return Arrays.copyOf(made, size);
        } catch (DataFormatException error) {
            throw new Refusal();
        } finally {
            machine.end();
        }
    }

    static byte[] deflated(byte[] data) {
        Deflater machine = new Deflater(9);
        machine.setInput(data);
        machine.finish();
        byte[] made = new byte[data.length + 64];
        int size = machine.deflate(made);
        machine.end();
        return Arrays.copyOf(made, size);
    }

    // --- CBOR: one item and nothing behind it; heads shortest, keys ascending ----------------------

    static final class Cbor {
        final byte[] data;
        int at = 0;

        Cbor(byte[] data, int most) {
            want(data.length > 0 && data.length <= most);
            this.data = data;
        }

        Object whole() {
            Object item = item(4);
            want(at == data.length);
            return item;
        }

        byte[] take(long count) {
            want(count <= data.length - at);
            at += (int) count;
            return Arrays.copyOfRange(data, at - (int) count, at);
        }

        Object item(int depth) {
            int first = take(1)[0] & 255;
            if (first == 0xf4 || first == 0xf5) return first == 0xf5;
            want(first >> 5 < 6);
            BigInteger number = number(first & 31);
            switch (first >> 5) {
                case 0: return integer(number);
                case 1: return integer(number.not());
                case 2: return take(size(number));
                case 3: return text(take(size(number)));
                default: break;
            }
            want(depth > 0);
            return first >> 5 == 4 ? list(size(number), depth - 1) : map(size(number), depth - 1);
        }

        long size(BigInteger number) {
            want(number.compareTo(BigInteger.valueOf(data.length)) <= 0);
            return number.longValue();
        }

        /** A Long where it fits, so that 1 and 1 are equal; what is longer is no time and no label. */
        static Object integer(BigInteger number) {
            return number.bitLength() < 64 ? (Object) number.longValue() : number;
        }

        BigInteger number(int shortest) {
            if (shortest < 24) return BigInteger.valueOf(shortest);
            want(shortest < 28);
            int size = 1 << shortest - 24;
            BigInteger number = new BigInteger(1, take(size));
            want(number.bitLength() > (size == 1 ? 0 : size * 4));
            want(number.compareTo(BigInteger.valueOf(23)) > 0);
            return number;
        }

        static String text(byte[] raw) {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
            } catch (CharacterCodingException error) {
                throw new Refusal();
            }
        }

        List<Object> list(long size, int depth) {
            List<Object> found = new ArrayList<>();
            for (long number = 0; number < size; number++) found.add(item(depth));
            return found;
        }

        Map<Object, Object> map(long size, int depth) {
            Map<Object, Object> found = new HashMap<>();
            String before = "";
            for (long number = 0; number < size; number++) {
                int begin = at;
                Object key = item(0);
                String spelt = hex(Arrays.copyOfRange(data, begin, at));
                want((key instanceof Number || key instanceof String) && spelt.compareTo(before) > 0);
                before = spelt;
                found.put(key, item(depth));
            }
            return found;
        }
    }

    static byte[] head(int major, long number) {
        if (number < 24) return new byte[] {(byte) (major << 5 | number)};
        int width = number < 1L << 8 ? 0 : number < 1L << 16 ? 1 : number < 1L << 32 ? 2 : 3;
        byte[] made = new byte[1 + (1 << width)];
        made[0] = (byte) (major << 5 | 24 + width);
        for (int at = made.length - 1; at > 0; at--, number >>= 8) made[at] = (byte) number;
        return made;
    }

    static byte[] encoded(Object value) {
        if (value instanceof Boolean one) return new byte[] {(byte) (one ? 0xf5 : 0xf4)};
        if (value instanceof Long one) return one < 0 ? head(1, ~one) : head(0, one);
        if (value instanceof byte[] one) return joined(head(2, one.length), one);
        if (value instanceof String one) return joined(head(3, utf8(one).length), utf8(one));
        if (value instanceof List<?> list) {
            byte[] made = head(4, list.size());
            for (Object one : list) made = joined(made, encoded(one));
            return made;
        }
        TreeMap<String, byte[]> pairs = new TreeMap<>();
        ((Map<?, ?>) value).forEach((key, held) -> {
            byte[] spelt = encoded(key);
            pairs.put(hex(spelt), joined(spelt, encoded(held)));
        });
        byte[] made = head(5, pairs.size());
        for (byte[] pair : pairs.values()) made = joined(made, pair);
        return made;
    }

    /** What a map has to hold: labels and types in turns. */
    static Map<Object, Class<?>> shape(Object... turns) {
        Map<Object, Class<?>> made = new HashMap<>();
        for (int at = 0; at < turns.length; at += 2) made.put(turns[at], (Class<?>) turns[at + 1]);
        return made;
    }

    static Map<?, ?> shaped(Object found, Map<Object, Class<?>> needed, Map<Object, Class<?>> more) {
        want(found instanceof Map);
        Map<?, ?> map = (Map<?, ?>) found;
        want(map.keySet().containsAll(needed.keySet()));
        map.forEach((label, value) -> {
            Class<?> kind = needed.getOrDefault(label, more.get(label));
            want(kind != null && kind.isInstance(value));
        });
        return map;
    }

    static Map<?, ?> shaped(Object found, Map<Object, Class<?>> needed) {
        return shaped(found, needed, Map.of());
    }

    static final Class<?> INT = Long.class, TEXT = String.class, MAP = Map.class;
    static final Class<?> BYTES = byte[].class, BOOL = Boolean.class;

    // --- keys and signatures -----------------------------------------------------------------------

    static ECParameterSpec curve() throws GeneralSecurityException {
        AlgorithmParameters made = AlgorithmParameters.getInstance("EC");
        made.init(new ECGenParameterSpec("secp256r1"));
        return made.getParameterSpec(ECParameterSpec.class);
    }

    static BigInteger number(byte[] data, int from, int to) {
        return new BigInteger(1, Arrays.copyOfRange(data, from, to));
    }

    static PublicKey publicKey(long alg, byte[] raw) throws GeneralSecurityException {
        if (alg == -8) {
            byte[] before = bytes("302a300506032b6570032100");
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(joined(before, raw)));
        }
        ECPoint point = new ECPoint(number(raw, 1, 33), number(raw, 33, 65));
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve()));
    }

    static boolean holds(long alg, byte[] raw, byte[] signature, byte[] message) {
        try {
            Signature check = Signature.getInstance(alg == -8 ? "Ed25519" : "SHA256withECDSA");
            check.initVerify(publicKey(alg, raw));
            check.update(message);
            return check.verify(alg == -8 ? signature : der(signature));
        } catch (GeneralSecurityException error) {
            return false;
        }
    }

    static byte[] der(byte[] signature) throws GeneralSecurityException {
        byte[] made = new byte[0];
        for (int from : new int[] {0, 32}) {
            BigInteger half = number(signature, from, from + 32);
            if (half.signum() == 0 || half.compareTo(N) >= 0) throw new GeneralSecurityException();
            byte[] digits = half.toByteArray();
            made = joined(made, new byte[] {2, (byte) digits.length}, digits);
        }
        return joined(new byte[] {0x30, (byte) made.length}, made);
    }

    static byte[] fromDer(byte[] der) {
        byte[] made = new byte[64];
        int at = 2;
        for (int end : new int[] {32, 64}) {
            int size = der[at + 1], from = at + 2 + Math.max(0, size - 32);
            int count = Math.min(size, 32);
            System.arraycopy(der, from, made, end - count, count);
            at += 2 + size;
        }
        return made;
    }

    static byte[] thumbprint(long alg, byte[] raw) {
        Map<Object, Object> key = new HashMap<>(Map.of(1L, alg == -8 ? 1L : 2L, -1L, alg == -8 ? 6L : 1L));
        key.put(-2L, alg == -8 ? raw : Arrays.copyOfRange(raw, 1, 33));
        if (alg != -8) key.put(-3L, Arrays.copyOfRange(raw, 33, 65));
        return sha256(encoded(key));
    }

    static byte[] kidOf(long alg, byte[] raw) {
        return Arrays.copyOf(thumbprint(alg, raw), 8);
    }

    static byte[] uncompressed(byte[] point) {
        BigInteger x = number(point, 1, 33);
        BigInteger square = x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(B).mod(P);
        BigInteger y = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
        want(y.multiply(y).mod(P).equals(square));
        if (y.testBit(0) != (point[0] == 3)) y = P.subtract(y);
        return joined(new byte[] {4}, Arrays.copyOfRange(point, 1, 33), wide(y));
    }

    static byte[] wide(BigInteger number) {
        byte[] digits = number.toByteArray(), made = new byte[32];
        int count = Math.min(digits.length, 32);
        System.arraycopy(digits, digits.length - count, made, 32 - count, count);
        return made;
    }

    static byte[] toSign(byte[] header, String aad, byte[] payload) {
        return encoded(List.of("Signature1", header, utf8(aad), payload));
    }

    record Sign1(byte[] header, long alg, byte[] kid, byte[] payload, byte[] signature, int most) {
        static Sign1 read(byte[] data, String type, int most) {
            want(data.length > 1 && (data[0] & 255) == 0xd2);
            Object found = new Cbor(Arrays.copyOfRange(data, 1, data.length), most).whole();
            want(found instanceof List<?> list && list.size() == 4);
            List<?> parts = (List<?>) found;
            want(parts.get(0) instanceof byte[] && parts.get(1) instanceof Map<?, ?> loose
                    && loose.isEmpty() && parts.get(2) instanceof byte[]
                    && parts.get(3) instanceof byte[] signed && signed.length == 64);
            byte[] spelt = (byte[]) parts.get(0);
            Map<Object, Class<?>> needed = shape(1L, INT, 4L, BYTES);
            if (type != null) needed.put(16L, TEXT);
            Map<?, ?> header = shaped(new Cbor(spelt, 4096).whole(), needed);
            byte[] kid = (byte[]) header.get(4L);
            want(kid.length == 8 && (type == null || type.equals(header.get(16L))));
            return new Sign1(spelt, (Long) header.get(1L), kid, (byte[]) parts.get(2),
                    (byte[]) parts.get(3), most);
        }

        Object verified(long keyAlg, byte[] raw, String aad) {
            want(alg == keyAlg && Arrays.equals(kid, kidOf(keyAlg, raw)));
            want(holds(keyAlg, raw, signature, toSign(header, aad, payload)));
            return new Cbor(payload, most).whole();
        }
    }

    // --- people ------------------------------------------------------------------------------------

    static final Set<Integer> HIDDEN = Set.of(
            (int) Character.CONTROL, (int) Character.FORMAT, (int) Character.SURROGATE,
            (int) Character.PRIVATE_USE, (int) Character.UNASSIGNED,
            (int) Character.LINE_SEPARATOR, (int) Character.PARAGRAPH_SEPARATOR);
    static final List<Set<Long>> PROFILES = List.of(
            Set.of(4L, 9L, 75L, 76L),
            Set.of(1L, 4L, 8L, 9L, 13L),
            Set.of(1L, 4L, 8L, 9L, 10L, 13L, 21L),
            Set.of(1L, 4L, 8L, 9L, 10L, 13L, 14L, 21L),
            Set.of(1L, 4L, 8L, 9L, 13L, 16L, 17L));

    static boolean isWhite(int sign) {
        return Character.isWhitespace(sign) || Character.isSpaceChar(sign);
    }

    static boolean plain(String text, int longest, int also) {
        int[] signs = text.codePoints().toArray();
        if (signs.length == 0 || signs.length > longest || isWhite(signs[0])
                || isWhite(signs[signs.length - 1])) return false;
        for (int sign : signs) {
            if (sign != also && HIDDEN.contains(Character.getType(sign))) return false;
        }
        return Normalizer.isNormalized(text, Normalizer.Form.NFC);
    }

    static boolean isDay(String text) {
        try {
            int year = Integer.parseInt(text.substring(0, 4));
            LocalDate.of(year, Integer.parseInt(text.substring(4, 6)), Integer.parseInt(text.substring(6)));
            return year > 0;
        } catch (DateTimeException error) {
            return false;
        }
    }

    static boolean isAttribute(long label, Object value) {
        if (value instanceof Long number) {
            return switch ((int) label) {
                case 9 -> number == 1 || number == 2;
                case 14 -> number >= 1 && number <= 3;
                case 17 -> number >= 1 && number <= 4;
                case 76 -> number >= 1850 && number <= 2200;
                default -> false;
            };
        }
        if (value instanceof byte[] photo) {
            return label == 16 && photo.length > 0 && photo.length <= 1024;
        }
        if (!(value instanceof String text)) return false;
        return switch ((int) label) {
            case 1 -> text.matches("[0-9]{16}");
            case 4 -> plain(text, 64, -1);
            case 8 -> text.matches("[0-9]{8}") && isDay(text);
            case 10 -> plain(text, 256, '\n');
            case 13 -> text.matches("[A-Z]{3}");
            case 21 -> text.matches("[0-9]{6}([0-9]{4})?");
            case 75 -> text.matches("[0-9]{4}");
            default -> false;
        };
    }

    static boolean isAddress(String text) {
        return text.matches("[!-~]{1,128}");
    }

    static boolean isTime(long value) {
        return value >= 0 && value <= LAST;
    }

    // --- the reader --------------------------------------------------------------------------------

    final byte[] device;
    final String uri;
    final Map<?, ?> ring;
    final Map<String, Map<?, ?>> keys = new HashMap<>();
    final byte[] places;
    final Map<String, byte[]> known = new HashMap<>();

    Phone(Map<?, ?> setup) {
        device = bytes((String) setup.get("device"));
        uri = (String) setup.get("uri");
        ring = keyring(bytes((String) setup.get("keyring")), bytes((String) setup.get("root")));
        for (Object one : (List<?>) ring.get("keys")) {
            Map<?, ?> key = (Map<?, ?>) one;
            keys.put(key.get("role") + hex((byte[]) key.get("kid")), key);
        }
        places = list(bytes((String) setup.get("status_list")));
        for (Object one : (List<?>) setup.get("credentials")) {
            known.put(hex(sha256(bytes((String) one))), bytes((String) one));
        }
    }

    static Map<?, ?> keyring(byte[] data, byte[] root) {
        want((data[0] & 255) == 0xd8 && data[1] == 0x62);
        List<?> parts = (List<?>) new Cbor(Arrays.copyOfRange(data, 2, data.length), 1 << 18).whole();
        byte[] payload = (byte[]) parts.get(2);
        List<?> signatures = (List<?>) parts.get(3);
        want(!signatures.isEmpty());
        for (Object one : signatures) {
            List<?> signed = (List<?>) one;
            byte[] message = encoded(List.of(
                    "Signature", new byte[0], signed.get(0), utf8("ikd/keyring/1"), payload));
            want(holds(-8, root, (byte[]) signed.get(2), message));
        }
        return (Map<?, ?>) new Cbor(payload, 1 << 18).whole();
    }

    byte[] list(byte[] data) {
        Sign1 token = Sign1.read(data, "application/statuslist+cwt", 1 << 20);
        Map<?, ?> key = key("status", token.kid());
        Map<?, ?> found = (Map<?, ?>) token.verified((Long) key.get("alg"), (byte[]) key.get("pub"), "");
        want(uri.equals(found.get(2L)));
        return inflated((byte[]) ((Map<?, ?>) found.get(65533L)).get("lst"), 1 << 22);
    }

    Map<?, ?> key(String role, byte[] kid) {
        Map<?, ?> key = keys.get(role + hex(kid));
        want(key != null && Set.of("active", "verify_only").contains(key.get("state")));
        return key;
    }

    byte[] credential(byte[] data, long now) {
        Sign1 token = Sign1.read(data, null, 4096);
        Map<?, ?> key = key("credential", token.kid());
        Object payload = token.verified((Long) key.get("alg"), (byte[]) key.get("pub"), "");
        Map<?, ?> claims = shaped(payload, shape(1L, TEXT, 4L, INT, 5L, INT, 6L, INT, 7L, BYTES,
                8L, MAP, 169L, MAP, 65535L, MAP));
        long ends = (Long) claims.get(4L), begins = (Long) claims.get(5L);
        long issued = (Long) claims.get(6L);
        want(isTime(ends) && isTime(begins) && isTime(issued));
        want(issued <= begins && begins < ends && ends <= issued + 180 * DAY);
        want((Long) key.get("nbf") <= issued && issued <= (Long) key.get("naf"));
        want(((byte[]) claims.get(7L)).length == 16);
        byte[] point = point(claims.get(8L));
        Map<?, ?> status = shaped(claims.get(65535L), shape("status_list", MAP));
        Map<?, ?> place = shaped(status.get("status_list"), shape("idx", INT, "uri", TEXT));
        long index = (Long) place.get("idx");
        String address = (String) place.get("uri"), issuer = (String) claims.get(1L);
        want(index >= 0 && index < 1L << 32 && isAddress(issuer) && isAddress(address));
        person((Map<?, ?>) claims.get(169L), issuer.length() + address.length());
        want(begins <= now + 30 && now < ends);
        want(address.equals(uri) && standing(index) == 0);
        return point;
    }

    static void person(Map<?, ?> found, int addresses) {
        want(PROFILES.contains(found.keySet()));
        found.forEach((label, value) -> want(isAttribute((Long) label, value)));
        want(!found.containsKey(75L) || addresses <= 92);
    }

    static byte[] point(Object cnf) {
        Map<?, ?> key = shaped(shaped(cnf, shape(1L, MAP)).get(1L),
                shape(1L, INT, -1L, INT, -2L, BYTES, -3L, BOOL));
        byte[] x = (byte[]) key.get(-2L);
        want((Long) key.get(1L) == 2 && (Long) key.get(-1L) == 1 && x.length == 32);
        want(new BigInteger(1, x).compareTo(P) < 0);
        return joined(new byte[] {(byte) ((Boolean) key.get(-3L) ? 3 : 2)}, x);
    }

    int standing(long index) {
        want(index / 4 < places.length);
        return places[(int) (index / 4)] >> index % 4 * 2 & 3;
    }

    static void times(Map<?, ?> claims, long now) {
        long ends = (Long) claims.get(4L), issued = (Long) claims.get(6L);
        want(isTime(ends) && isTime(issued) && ends > issued && ends <= issued + 90);
        want(issued <= now + 30 && now < ends && ((byte[]) claims.get(7L)).length == 16);
    }

    String verifier(String text, long now, byte[] challenge) {
        want((Long) ring.get("issued") - 30 <= now && now < (Long) ring.get("expires") + 7 * DAY);
        if (text.startsWith("IKDP:")) return presentation(text, now, challenge);
        want(challenge.length == 0); // whoever asks for an answer gets one, or nothing
        credential(inflated(fromBase45(text), 4096), now);
        return "warn";
    }

    String presentation(String text, long now, byte[] challenge) {
        want(text.length() <= 2000);
        Sign1 token = Sign1.read(fromBase45(text.substring(5)), null, 4096);
        Map<?, ?> peek = shaped(new Cbor(token.payload(), 4096).whole(),
                shape(4L, INT, 6L, INT, 7L, BYTES),
                shape(10L, BYTES, -65540L, BYTES, -65541L, BYTES));
        want(peek.containsKey(-65540L) != peek.containsKey(-65541L));
        byte[] credential = peek.containsKey(-65541L)
                ? (byte[]) peek.get(-65541L) : known.get(hex((byte[]) peek.get(-65540L)));
        want(credential != null);
        byte[] phone = uncompressed(credential(credential, now));
        Map<?, ?> claims = (Map<?, ?>) token.verified(-7, phone, "ikd/present/1");
        times(claims, now);
        byte[] nonce = claims.containsKey(10L) ? (byte[]) claims.get(10L) : new byte[0];
        want(!claims.containsKey(10L) || nonce.length > 0 && nonce.length <= 64);
        want(Arrays.equals(nonce, challenge));
        return challenge.length > 0 ? "accept" : "warn";
    }

    String resident(String text, long now) {
        want(text.startsWith("IKDR:") && text.length() <= 2000);
        Sign1 token = Sign1.read(fromBase45(text.substring(5)), null, 4096);
        Map<?, ?> claims = shaped(token.verified(-7, device, "ikd/pair-r/1"),
                shape(4L, INT, 6L, INT, 7L, BYTES, -65537L, BYTES));
        want(((byte[]) claims.get(-65537L)).length == 16);
        times(claims, now);
        return "accept";
    }

    String office(String text, long now) {
        want(text.startsWith("IKDO:") && text.length() <= 2000);
        Sign1 token = Sign1.read(fromBase45(text.substring(5)), null, 4096);
        Map<?, ?> key = key("station", token.kid());
        Object payload = token.verified((Long) key.get("alg"), (byte[]) key.get("pub"), "ikd/pair-o/1");
        Map<?, ?> claims = shaped(payload,
                shape(4L, INT, 6L, INT, 7L, BYTES, -65538L, TEXT, -65539L, TEXT));
        want(claims.get(-65538L).equals(key.get("office")));
        want(claims.get(-65539L).equals(key.get("station")));
        long issued = (Long) claims.get(6L);
        want((Long) key.get("nbf") <= issued && issued <= (Long) key.get("naf"));
        times(claims, now);
        return "accept";
    }

    String proof(byte[] data, Map<?, ?> asked, String act, String pairing) {
        Map<?, ?> claims = shaped(Sign1.read(data, null, 4096).verified(-7, device, "ikd/proof/1"),
                shape(6L, INT, 10L, BYTES, -65542L, BYTES, -65543L, TEXT, -65544L, BYTES));
        byte[] nonce = (byte[]) claims.get(10L), record = (byte[]) claims.get(-65542L);
        byte[] transcript = (byte[]) claims.get(-65544L);
        String word = (String) claims.get(-65543L);
        want(isTime((Long) claims.get(6L)) && nonce.length <= 128 && record.length == 16);
        want(transcript.length == 0 || transcript.length == 32);
        want(word.matches("[a-z][a-z0-9_.-]{0,31}") && word.equals(act));
        want(hex(record).equals(asked.get("record")) && hex(nonce).equals(asked.get("challenge")));
        want(hex(transcript).equals(pairing));
        return "accept";
    }

    String outcome(Map<?, ?> asked) {
        String text = (String) asked.get("text");
        long now = Instant.parse((String) asked.get("now")).getEpochSecond();
        try {
            switch ((String) asked.get("reader")) {
                case "verifier": return verifier(text, now, bytes((String) asked.get("challenge")));
                case "resident": return resident(text, now);
                case "office": return office(text, now);
                case "proof": return proof(bytes(text), asked, (String) asked.get("act"),
                        (String) asked.get("pairing"));
                case "answer":
                    office(text, now);
                    return proof(bytes((String) asked.get("proof")), asked, "answer_pairing",
                            hex(sha256(utf8(text))));
                default:
                    want(checkCode(text, device).equals(asked.get("code")));
                    return "accept";
            }
        } catch (Refusal error) {
            return "refuse";
        }
    }

    // --- the writer --------------------------------------------------------------------------------

    static final Map<String, String> PREFIXES = Map.of("credential", "", "presentation", "IKDP:",
            "resident", "IKDR:", "office", "IKDO:", "proof", "");
    static final Map<String, String> CONTEXTS = Map.of("credential", "",
            "presentation", "ikd/present/1", "resident", "ikd/pair-r/1",
            "office", "ikd/pair-o/1", "proof", "ikd/proof/1");
    static final Set<String> OF_BYTES = Set.of("7", "10", "-65537", "-65540", "-65541", "-65542", "-65544");

    static String checkCode(String token, byte[] device) {
        byte[] digest = sha256(joined(utf8("ikd/check/1"), sha256(utf8(token)), thumbprint(-7, device)));
        return String.format("%04d", number(digest, 0, 8).mod(BigInteger.valueOf(10_000)).intValue());
    }

    static Map<Object, Object> claimsOf(Map<?, ?> told) {
        Map<Object, Object> made = new HashMap<>();
        told.forEach((name, value) -> {
            String label = (String) name;
            if (label.equals("8")) {
                byte[] point = bytes((String) value);
                made.put(8L, Map.of(1L, Map.of(1L, 2L, -1L, 1L, -2L,
                        Arrays.copyOfRange(point, 1, 33), -3L, point[0] == 3)));
            } else if (label.equals("169")) {
                Map<Object, Object> person = new HashMap<>();
                ((Map<?, ?>) value).forEach((one, held) -> person.put(Long.valueOf((String) one),
                        one.equals("16") ? bytes((String) held) : held));
                made.put(169L, person);
            } else if (label.equals("65535")) {
                made.put(65535L, Map.of("status_list", value));
            } else {
                made.put(Long.valueOf(label), OF_BYTES.contains(label) ? bytes((String) value) : value);
            }
        });
        return made;
    }

    static byte[] signature(boolean edwards, byte[] secret, byte[] message) throws GeneralSecurityException {
        PrivateKey key = edwards
                ? KeyFactory.getInstance("Ed25519").generatePrivate(
                        new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret))
                : KeyFactory.getInstance("EC").generatePrivate(
                        new ECPrivateKeySpec(new BigInteger(1, secret), curve()));
        Signature signer = Signature.getInstance(edwards ? "Ed25519" : "SHA256withECDSA");
        signer.initSign(key);
        signer.update(message);
        return edwards ? signer.sign() : fromDer(signer.sign());
    }

    static String written(Map<?, ?> job) throws GeneralSecurityException {
        String writer = (String) job.get("writer");
        if (writer.equals("code")) {
            return checkCode((String) job.get("text"), bytes((String) job.get("device")));
        }
        Map<?, ?> key = (Map<?, ?>) ((Map<?, ?>) job.get("keys")).get(job.get("key"));
        boolean edwards = key.get("alg").equals("EdDSA");
        long alg = edwards ? -8 : -7;
        byte[] header = encoded(Map.of(1L, alg, 4L, kidOf(alg, bytes((String) key.get("public")))));
        byte[] payload = encoded(claimsOf((Map<?, ?>) job.get("claims")));
        byte[] message = toSign(header, CONTEXTS.get(writer), payload);
        byte[] signature = signature(edwards, bytes((String) key.get("private")), message);
        byte[] token = joined(new byte[] {(byte) 0xd2},
                encoded(List.of(header, Map.of(), payload, signature)));
        if (writer.equals("proof")) return hex(token);
        return PREFIXES.get(writer) + toBase45(writer.equals("credential") ? deflated(token) : token);
    }

    // --- JSON, as far as it is needed here -----------------------------------------------------------

    static final class Json {
        final String text;
        int at = 0;

        Json(String text) {
            this.text = text;
        }

        static Map<?, ?> object(String text) {
            return (Map<?, ?>) new Json(text).value();
        }

        char next() {
            while (Character.isWhitespace(text.charAt(at))) at++;
            return text.charAt(at);
        }

        Object value() {
            char first = next();
            if (first == '"') return string();
            if (first == '{') {
                Map<Object, Object> found = new HashMap<>();
                for (at++; next() != '}'; skip(',')) {
                    Object key = value();
                    skip(':');
                    found.put(key, value());
                }
                at++;
                return found;
            }
            if (first == '[') {
                List<Object> found = new ArrayList<>();
                for (at++; next() != ']'; skip(',')) found.add(value());
                at++;
                return found;
            }
            int begin = at;
            while (at < text.length() && "+-0123456789".indexOf(text.charAt(at)) >= 0) at++;
            return Long.valueOf(text.substring(begin, at));
        }

        void skip(char sign) {
            if (next() == sign) at++;
        }

        String string() {
            StringBuilder found = new StringBuilder();
            for (at++; text.charAt(at) != '"'; at++) {
                if (text.charAt(at) != '\\') {
                    found.append(text.charAt(at));
                    continue;
                }
                char kind = text.charAt(++at);
                if (kind == 'u') {
                    found.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    at += 4;
                } else {
                    int place = "nrtbf".indexOf(kind);
                    found.append(place < 0 ? kind : "\n\r\t\b\f".charAt(place));
                }
            }
            at++;
            return found.toString();
        }
    }

    public static void main(String[] words) throws Exception {
        Phone reader = new Phone(Json.object(Files.readString(Path.of(words[0]))));
        BufferedReader input = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            Map<?, ?> asked = Json.object(line);
            boolean writes = asked.containsKey("writer");
            String answer = writes ? written(asked) : reader.outcome(asked);
            System.out.printf("{\"name\": \"%s\", \"%s\": \"%s\"}%n", asked.get("name"),
                    writes ? "text" : "outcome", answer);
        }
    }
}
