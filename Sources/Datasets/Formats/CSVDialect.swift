import Autograd

extension CSV {
    /// How fields are separated.
    public struct Dialect: Sendable, Hashable {
        /// A single ASCII character.
        public var separator: Character
        /// Whether fields may be in double quotes, and then contain anything.
        public var hasQuotes: Bool

        /// Traps if the separator is not ASCII, or is a line break or a double quote.
        public init(separator: Character, hasQuotes: Bool) {
            guard let byte = separator.asciiValue, !separator.isNewline, byte != 0x22 else {
                programmerError("CSV", "\"\(separator)\" cannot separate fields")
            }
            self.separator = separator
            self.hasQuotes = hasQuotes
        }

        public static let commas = Dialect(separator: ",", hasQuotes: true)
        public static let tabulators = Dialect(separator: "\t", hasQuotes: false)

        /// The separator as a byte in a file; checked when it was set.
        var separatorByte: UInt8 { separator.asciiValue ?? UInt8(ascii: ",") }

        /// The name of the separators in messages.
        var name: String {
            switch separator {
            case ",": "commas"
            case ";": "semicolons"
            case "\t": "tabs"
            default: "\"\(separator)\""
            }
        }
    }
}

extension CSV.Dialect {
    /// The separators that are recognised, first those that are rarer within fields.
    private static let separators: [UInt8] = [0x09, UInt8(ascii: ";"), UInt8(ascii: "|"), 0x2C]

    /// The usual dialect of files with the given name.
    static func usual(ofFile name: String) -> CSV.Dialect {
        let plain = FileReading.plainName(name)
        return plain.hasSuffix(".tsv") || plain.hasSuffix(".tab") ? .tabulators : .commas
    }

    /// The dialect that splits the first lines of a text into equally many fields, at least two:
    /// with the separator that does so for the most lines, or the usual dialect if none does.
    init(of text: [UInt8], otherwise usual: CSV.Dialect) {
        let lines = Self.firstLines(of: text)
        let usualByte = usual.separatorByte
        var best = (separator: usualByte, lines: 0)
        // A separator other than commas that is usual for the name is tried before the others.
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

    /// How many fields each of the first non-empty lines would have, by separator. Separators in
    /// quotes do not count, and a quote may follow any separator.
    private static func firstLines(of text: [UInt8]) -> [[UInt8: Int]] {
        let start = text.starts(with: CSVScanner.mark) ? CSVScanner.mark.count : 0
        let sample = text[start...].prefix(1 << 16)
        var lines: [[UInt8: Int]] = []
        let none = Dictionary(uniqueKeysWithValues: separators.map { ($0, 1) })
        var counts = none
        var (isEmpty, isAtStart, isQuoted) = (true, true, false)
        for byte in sample {
            if isQuoted {
                // A doubled quote ends the quotes and begins them again.
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
        // The last line may be incomplete.
        if !isEmpty, !isQuoted, lines.isEmpty || sample.count == text.count - start {
            lines.append(counts)
        }
        return lines
    }

    /// Whether fields between tabs are quoted: as many begin with a quote as end with one.
    private static func hasQuotedFields(_ text: [UInt8]) -> Bool {
        let fields = text.prefix(1 << 16).split { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            .dropLast(text.count > 1 << 16 ? 1 : 0).filter { $0.count > 1 }
        let beginnings = fields.count { $0.first == 0x22 }
        return beginnings > 0 && beginnings == fields.count { $0.last == 0x22 }
    }
}
