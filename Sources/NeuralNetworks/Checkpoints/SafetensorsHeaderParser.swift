import Autograd
import FileSupport

/// A parser only for the JSON of a safetensors header: an object of tensors, each
/// `{"dtype": …, "shape": [...], "data_offsets": [begin, end]}`, and of the metadata, an object of
/// strings. Strict, so that damage is not mistaken for data: no duplicate names, no unknown or
/// missing members, only plain whole numbers, valid UTF-8.
struct SafetensorsHeaderParser {
    private let text: [UInt8]
    private let path: String
    private var position = 0

    init(_ text: [UInt8], path: String) {
        self.text = text
        self.path = path
    }

    mutating func header() throws(FileError) -> (
        entries: [SafetensorsHeader.Entry], metadata: [String: String]
    ) {
        var entries: [SafetensorsHeader.Entry] = []
        var metadata: [String: String] = [:]
        guard text.first == UInt8(ascii: "{") else {
            throw unexpected("a header that begins with {")
        }
        try object { (parser, name) throws(FileError) in
            if name == "__metadata__" {
                try parser.object { (parser, key) throws(FileError) in
                    metadata[key] = try parser.string()
                }
            } else {
                entries.append(try parser.entry(name))
            }
        }
        skipWhitespace()
        guard position == text.count else { throw unexpected("nothing after the header's object") }
        return (entries, metadata)
    }

    private mutating func entry(_ name: String) throws(FileError) -> SafetensorsHeader.Entry {
        var type: StoredType?
        var shape: [Int]?
        var offsets: [Int]?
        try object { (parser, member) throws(FileError) in
            switch member {
            case "dtype": type = try parser.type(of: name)
            case "shape": shape = try parser.integers()
            case "data_offsets": offsets = try parser.integers()
            default:
                throw FileError(
                    path: parser.path,
                    expected: "dtype, shape and data_offsets of tensor \(name.quoted)",
                    found: member.quoted)
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
            throw FileError(
                path: path,
                expected: "dtype, shape and data_offsets [begin, end] of tensor \(name.quoted)",
                found: "dtype \(type?.rawValue ?? "missing"), shape "
                    + "\(shape.map { "\($0)" } ?? "missing"), data_offsets "
                    + "\(offsets.map { "\($0)" } ?? "missing")")
        }
        return .init(name: name, type: type, shape: shape, bytes: offsets[0]..<offsets[1])
    }

    private mutating func type(of name: String) throws(FileError) -> StoredType {
        let found = try string()
        guard let type = StoredType(rawValue: found) else {
            throw FileError(
                path: path,
                expected: "tensor \(name.quoted) to be of type "
                    + StoredType.allCases.map(\.rawValue).joined(separator: ", "),
                found: found.quoted)
        }
        return type
    }

    // MARK: JSON

    /// Parses an object; `member` parses each value.
    private mutating func object(
        _ member: (inout Self, _ name: String) throws(FileError) -> Void
    ) throws(FileError) {
        var names: Set<String> = []
        try expect("{")
        guard !accept("}") else { return }
        repeat {
            let name = try string()
            guard names.insert(name).inserted else {
                throw FileError(
                    path: path, expected: "each name once in the header",
                    found: "\(name.quoted) twice")
            }
            try expect(":")
            try member(&self, name)
        } while accept(",")
        try expect("}")
    }

    /// Parses an array of whole numbers from 0.
    private mutating func integers() throws(FileError) -> [Int] {
        var integers: [Int] = []
        try expect("[")
        guard !accept("]") else { return [] }
        repeat { integers.append(try integer()) } while accept(",")
        try expect("]")
        return integers
    }

    private mutating func integer() throws(FileError) -> Int {
        skipWhitespace()
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        guard let value = Int(digits), digits == "0" || digits.first != "0" else {
            position = start
            throw unexpected("a whole number below 2^63")
        }
        return value
    }

    private mutating func string() throws(FileError) -> String {
        try expect("\"")
        var bytes: [UInt8] = []
        while let byte = current, byte >= 0x20 {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw unexpected("text in UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): bytes += String(try escape()).utf8
            default: bytes.append(byte)
            }
        }
        throw unexpected("the end of a string")
    }

    private mutating func escape() throws(FileError) -> Unicode.Scalar {
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r",
            "t": "\t",
        ]
        if let byte = current, let scalar = simple[Unicode.Scalar(byte)] {
            position += 1
            return scalar
        }
        guard current == UInt8(ascii: "u") else { throw unexpected("an escape") }
        var value = try hexadecimal()
        if (0xD800..<0xDC00).contains(value), current == UInt8(ascii: "\\") {
            position += 1
            let low = current == UInt8(ascii: "u") ? try hexadecimal() : 0
            // A surrogate without its other half is not a valid scalar.
            value = low & 0xFC00 == 0xDC00 ? 0x10000 + (value & 0x3FF) << 10 | low & 0x3FF : value
        }
        guard let scalar = Unicode.Scalar(value) else { throw unexpected("a Unicode scalar") }
        return scalar
    }

    /// Parses the `u` and four digits of an escape.
    private mutating func hexadecimal() throws(FileError) -> UInt32 {
        let digits = text[position...].dropFirst().prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw unexpected("four hexadecimal digits") }
        position += 5
        return value
    }

    private var current: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipWhitespace() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(FileError) {
        guard accept(character) else { throw unexpected("\(character) in the header") }
    }

    private func unexpected(_ expected: String) -> FileError {
        let rest = String(decoding: text[min(position, text.count)...].prefix(12), as: UTF8.self)
        return FileError(
            path: path, expected: expected,
            found: rest.isEmpty
                ? "the header's end" : "\(rest.quoted) at byte \(position) of the header")
    }
}
