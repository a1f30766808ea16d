import Autograd

extension CSV {
    /// How fields are told apart.
    public struct Dialect: Sendable, Hashable {
        /// One ASCII character.
        public var separator: Character
        /// Whether fields may stand in double quotes, and then hold anything.
        public var hasQuotes: Bool

        public init(separator: Character, hasQuotes: Bool) {
            guard let byte = separator.asciiValue, !separator.isNewline, byte != 0x22 else {
                programmerError("CSV", "\"\(separator)\" cannot separate fields")
            }
            self.separator = separator
            self.hasQuotes = hasQuotes
        }

        public static let commas = Dialect(separator: ",", hasQuotes: true)
        public static let tabulators = Dialect(separator: "\t", hasQuotes: false)

        /// The separator as it stands in a file; checked when it was set.
        var separatorByte: UInt8 { separator.asciiValue ?? UInt8(ascii: ",") }

        /// What the separators are called.
        var name: String {
            switch separator {
            case ",": "commas"
            case ";": "semicolons"
            case "\t": "tabulators"
            default: "\"\(separator)\""
            }
        }
    }
}

extension CSV.Dialect {
    /// Those that are recognised, those first that less often stand within fields.
    private static let separators: [UInt8] = [0x09, UInt8(ascii: ";"), UInt8(ascii: "|"), 0x2C]

    /// The usual one of files of a name.
    static func usual(ofFile name: String) -> CSV.Dialect {
        let plain = FileReading.plainName(name)
        return plain.hasSuffix(".tsv") || plain.hasSuffix(".tab") ? .tabulators : .commas
    }

    /// The one that splits the first lines of a text into equally many fields, two at least: with
    /// the separator that does so for the most lines, and the usual one where none does.
    init(of text: [UInt8], otherwise usual: CSV.Dialect) {
        let lines = Self.firstLines(of: text)
        let usualByte = usual.separatorByte
        var best = (separator: usualByte, lines: 0)
        // A separator other than commas that is usual for the name goes before the others.
        let first = usualByte == 0x2C ? [] : [usualByte]
        for separator in first + Self.separators {
            guard let fields = lines.first?[separator], fields > 1 else { continue }
            let count = lines.count { $0[separator] == fields }
            if count > best.lines { best = (separator, count) }
        }
        let separator = Character(Unicode.Scalar(best.separator))
        self.init(
            separator: separator,
            hasQuotes: best.separator != 0x09 || Self.hasQuotedFields(text))
    }

    /// How many fields each of the first lines that are not empty would have, by separator.
    /// Separators in quotes are none, and quotes begin after any separator.
    private static func firstLines(of text: [UInt8]) -> [[UInt8: Int]] {
        let start = text.starts(with: CSVScanner.mark) ? CSVScanner.mark.count : 0
        let sample = text[start...].prefix(1 << 16)
        var lines: [[UInt8: Int]] = []
        let none = Dictionary(uniqueKeysWithValues: separators.map { ($0, 1) })
        var counts = none
        var (isEmpty, isAtStart, isQuoted) = (true, true, false)
        for byte in sample {
            if isQuoted {
                // A quote twice ends the quotes and begins them again.
                if byte == 0x22 { (isQuoted, isAtStart) = (false, true) }
                continue
            }
            switch byte {
            case 0x0A, 0x0D:
                if !isEmpty { lines.append(counts) }
                if lines.count == 200 { return lines }
                (counts, isEmpty, isAtStart) = (none, true, true)
            case 0x22 where isAtStart:
                (isQuoted, isEmpty) = (true, false)
            case 0x20: break
            default:
                let isSeparator = separators.contains(byte)
                if isSeparator { counts[byte, default: 1] += 1 }
                (isAtStart, isEmpty) = (isSeparator, false)
            }
        }
        // The last may be cut off.
        if !isEmpty, !isQuoted, lines.isEmpty || sample.count == text.count - start {
            lines.append(counts)
        }
        return lines
    }

    /// Whether fields between tabulators stand in quotes: as many begin with one as end with one.
    private static func hasQuotedFields(_ text: [UInt8]) -> Bool {
        let fields = text.prefix(1 << 16).split { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            .dropLast(text.count > 1 << 16 ? 1 : 0).filter { $0.count > 1 }
        let beginnings = fields.count { $0.first == 0x22 }
        return beginnings > 0 && beginnings == fields.count { $0.last == 0x22 }
    }
}
