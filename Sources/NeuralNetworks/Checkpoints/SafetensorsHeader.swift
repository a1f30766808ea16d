import Autograd
import FileSupport

/// The header of a safetensors file: the position of each tensor's data, and metadata.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        var type: StoredType
        var shape: [Int]
        /// The range of the bytes, from the start of the data.
        var bytes: Range<Int>
    }

    var entries: [Entry]
    var metadata: [String: String]

    /// The number of bytes of data after the header.
    var dataCount: Int { entries.last?.bytes.upperBound ?? 0 }

    /// Orders tensors like the Python library: the widest types first, so that all are aligned, and
    /// by name within a type.
    init(_ tensors: [String: Tensor], metadata: [String: String]) {
        self.metadata = metadata
        let order = tensors.sorted { left, right in
            let (first, second) = (left.value.dataType.layoutRank, right.value.dataType.layoutRank)
            return first == second ? left.key.precedes(right.key) : first < second
        }
        var start = 0
        entries = order.map { name, tensor in
            let end = start + tensor.count * tensor.dataType.size
            defer { start = end }
            return Entry(
                name: name, type: StoredType(tensor.dataType), shape: tensor.shape,
                bytes: start..<end)
        }
    }

    /// Parses a header and checks that its tensors fill `dataCount` bytes of data without gap or
    /// overlap. Sizes stated in the header cause no allocation.
    init(parsing text: [UInt8], dataCount: Int, path: String) throws(FileError) {
        var parser = SafetensorsHeaderParser(text, path: path)
        (entries, metadata) = try parser.header()
        // Tensors without elements start where the next one does.
        entries.sort {
            ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
        }
        var end = 0
        for entry in entries {
            guard entry.bytes.lowerBound == end else {
                throw FileError(
                    path: path,
                    expected: "the data of tensor \(entry.name.quoted) to begin at byte \(end)",
                    found: "byte \(entry.bytes.lowerBound)")
            }
            guard entry.bytes.upperBound <= dataCount else {
                throw FileError(
                    path: path,
                    expected: "\(entry.bytes.upperBound) bytes of data or more, for tensor "
                        + entry.name.quoted,
                    found: "\(dataCount)")
            }
            guard let count = entry.byteCount, count == entry.bytes.count else {
                throw FileError(
                    path: path,
                    expected:
                        "as many bytes as \(entry.type.rawValue) of shape \(entry.shape) takes, "
                        + "for tensor \(entry.name.quoted)",
                    found: "\(entry.bytes.count)")
            }
            end = entry.bytes.upperBound
        }
        guard end == dataCount else {
            throw FileError(
                path: path, expected: "\(end) bytes of data", found: "\(dataCount)")
        }
    }

    /// The header as compact JSON, exactly as the Python library writes it, except that several
    /// metadata entries are sorted by name; in that library their order changes from run to run.
    var json: String {
        var members = entries.map { entry in
            let shape = entry.shape.map(String.init).joined(separator: ",")
            return entry.name.jsonQuoted + ":{\"dtype\":\"\(entry.type.rawValue)\","
                + "\"shape\":[\(shape)],"
                + "\"data_offsets\":[\(entry.bytes.lowerBound),\(entry.bytes.upperBound)]}"
        }
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key.precedes($1.key) }
                .map { $0.key.jsonQuoted + ":" + $0.value.jsonQuoted }
            members.insert("\"__metadata__\":{" + pairs.joined(separator: ",") + "}", at: 0)
        }
        return "{" + members.joined(separator: ",") + "}"
    }
}

extension SafetensorsHeader.Entry {
    /// The number of bytes for type and shape; nil if the shape is not valid for a tensor.
    fileprivate var byteCount: Int? {
        Tensor.elementCount(of: shape).map { $0 * type.size }
    }
}

extension DataType {
    /// The position of the type in the order of a file.
    fileprivate var layoutRank: Int {
        switch self {
        case .float64: 0
        case .float32: 1
        case .int32: 2
        case .bfloat16: 3
        case .float16: 4
        case .uint8: 5
        case .bool: 6
        }
    }
}

extension String {
    /// Compares UTF-8 bytes, as the Python library sorts.
    fileprivate func precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// The text as a JSON string, escaping only what must be escaped.
    fileprivate var jsonQuoted: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{8}": quoted += "\\b"
            case "\u{9}": quoted += "\\t"
            case "\u{A}": quoted += "\\n"
            case "\u{C}": quoted += "\\f"
            case "\u{D}": quoted += "\\r"
            case ..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
