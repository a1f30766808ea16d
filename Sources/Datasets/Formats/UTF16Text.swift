import Autograd
import FileSupport

/// Text in UTF-16, as spreadsheets save "Unicode text".
enum UTF16Text {
    /// The text in UTF-8 if a byte order mark shows that it is in UTF-16; else unchanged.
    static func decoded(_ bytes: [UInt8], path: String) throws(FileError) -> [UInt8] {
        let isBigEndian = bytes.starts(with: [0xFE, 0xFF])
        guard isBigEndian || bytes.starts(with: [0xFF, 0xFE]) else { return bytes }
        let units = words(
            bytes, from: 2, count: (bytes.count - 2) / 2, bigEndian: isBigEndian, as: UInt16.self)
        guard bytes.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
            throw FileError(
                path: path, expected: "UTF-16, as the mark at its start says", found: "other bytes")
        }
        return Array(text.utf8)
    }
}
