// Compiled beside the page's blocks: makes a key and writes one of each token.

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

final class Driver {
    static byte[] bytes(String hex) {
        byte[] data = new byte[hex.length() / 2];
        for (int at = 0; at < data.length; at++) {
            data[at] = (byte) Integer.parseInt(hex.substring(2 * at, 2 * at + 2), 16);
        }
        return data;
    }

    static String hex(byte[] data) {
        return data.length == 0 ? "" : String.format("%0" + 2 * data.length + "x", new BigInteger(1, data));
    }

    static void told(String name, String value) {
        System.out.println(name + "=" + value);
    }

    public static void main(String[] words) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        PhoneTokens phone = new PhoneTokens(pair);
        byte[] record = bytes(words[0]), challenge = bytes(words[1]), signed = bytes(words[2]);
        String office = words[3];
        long now = Long.parseLong(words[4]);
        String shown = phone.pairingCode(record, now);
        byte[] visit = PhoneTokens.transcript(shown);
        told("point", hex(phone.point()));
        told("shown", shown);
        told("before", hex(phone.proof(record, "submit_biometric", challenge, new byte[0], now)));
        told("after", hex(phone.proof(record, "enter_pin", challenge, visit, now)));
        told("answer", hex(phone.answer(office, record, challenge, now)));
        told("code", phone.checkCode(office));
        told("presented", phone.presentation(signed, challenge, now));
    }
}
