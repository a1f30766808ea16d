import Autograd
import FileSupport

/// The NPY format of NumPy, versions 1 to 3: a magic number, a header that is a Python dictionary,
/// and the elements.
public enum NPY {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Reads a file, gzipped or not.
    ///
    /// Elements may be floating-point numbers, integers or Booleans of any size and byte order, in
    /// C or Fortran order: `f2` is read as `float16`, `f4` as `float32`, `f8` as `float64`, `u1` as `uint8`,
    /// other integers as `int32` if every number fits, and `b1` as `bool`. Throws if a file is
    /// longer or shorter than its header says.
    public static func read(_ path: String) throws(FileError) -> Tensor {
        try decode(FileReading.contents(of: path), path: path)
    }

    /// Writes a file of version 1. Traps if the tensor is of `bfloat16`, which NumPy does not have.
    public static func write(_ tensor: Tensor, to path: String) throws(FileError) {
        try AtomicFile.write(encode(tensor), to: path)
    }

    // MARK: Bytes

    /// Whether the bytes begin like such a file.
    static func isArray(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    static func decode(_ bytes: [UInt8], path: String) throws(FileError) -> Tensor {
        guard bytes.count >= 10, isArray(bytes) else {
            throw FileError(
                path: path, expected: "an NPY file",
                found: bytes.isEmpty ? "an empty file" : "something else")
        }
        guard (1...3).contains(bytes[6]) else {
            throw FileError(
                path: path, expected: "NPY version 1, 2 or 3", found: "version \(bytes[6])")
        }
        let isFirst = bytes[6] == 1
        let headerStart = isFirst ? 10 : 12
        guard bytes.count >= headerStart else {
            throw FileError(path: path, expected: "a header", found: "the end of the file")
        }
        let headerLength =
            isFirst
            ? Int(words(bytes, from: 8, count: 1, bigEndian: false, as: UInt16.self)[0])
            : Int(words(bytes, from: 8, count: 1, bigEndian: false, as: UInt32.self)[0])
        guard headerLength <= bytes.count - headerStart else {
            throw FileError(
                path: path, expected: "a header of \(headerLength) bytes",
                found: "\(bytes.count - headerStart)")
        }
        let start = headerStart + headerLength
        let text = String(decoding: bytes[headerStart..<start], as: UTF8.self)
        let header = try NPYHeader(text, path: path)
        guard let type = ElementType(header.elementType) else {
            throw FileError(
                path: path, expected: "elements that are numbers or truth values",
                found: header.elementType.quoted)
        }
        let present = bytes.count - start
        guard let count = elementCount(header.shape), count <= present / type.size,
            count * type.size == present
        else {
            throw FileError(
                path: path,
                expected: "\(header.shape.description(by: " × ")) elements of \(type.size) bytes",
                found: "\(present) bytes")
        }
        // The elements of the transposed array are the same in the opposite order.
        let shape = header.isFortranOrder ? header.shape.reversed() : header.shape
        let tensor = try type.tensor(bytes, from: start, count: count, shape: shape, path: path)
        guard header.isFortranOrder, tensor.rank > 1 else { return tensor }
        return count == 0
            ? tensor.reshaped(header.shape) : tensor.transposed(Array(shape.indices.reversed()))
    }

    static func encode(_ tensor: Tensor) -> [UInt8] {
        let (type, content): (String, [UInt8]) =
            switch tensor.dataType {
            case .bool: ("|b1", tensor.elements(as: Bool.self).map { $0 ? 1 : 0 })
            case .uint8: ("|u1", tensor.elements())
            case .int32: ("<i4", littleEndianBytes(tensor.elements(as: Int32.self)))
            case .float32:
                ("<f4", littleEndianBytes(tensor.elements(as: Float.self).map(\.bitPattern)))
            case .float64:
                ("<f8", littleEndianBytes(tensor.elements(as: Double.self).map(\.bitPattern)))
            case .float16: ("<f2", tensor.withUnsafeBytes { Array($0) })
            case .bfloat16:
                programmerError(
                    "NPY",
                    "NumPy has no bfloat16, of which a tensor of shape \(tensor.shape) is: "
                        + "cast(to: .float32) first")
            }
        let comma = tensor.rank == 1 ? "," : ""
        let sizes = tensor.shape.map(String.init).joined(separator: ", ") + comma
        let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
        // The elements begin at a multiple of 64 bytes, after a line break.
        let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
        let padding = String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
        return magic + [1, 0] + UInt16(length).littleEndianBytes + Array((header + padding).utf8)
            + content
    }
}

/// The type of the elements, such as `<f4`: byte order, kind, and size.
private struct ElementType {
    private enum Kind: String {
        case float = "f"
        case signed = "i"
        case unsigned = "u"
        case truth = "b"
    }

    private let kind: Kind
    let size: Int
    private let bigEndian: Bool

    init?(_ name: String) {
        let parts = Array(name)
        guard parts.count == 3, "<>|=".contains(parts[0]), let kind = Kind(rawValue: "\(parts[1])"),
            let size = Int("\(parts[2])")
        else { return nil }
        let sizes: [Int] =
            switch kind {
            case .float: [2, 4, 8]
            case .signed, .unsigned: [1, 2, 4, 8]
            case .truth: [1]
            }
        guard sizes.contains(size), parts[0] != "|" || size == 1 else { return nil }
        self.kind = kind
        self.size = size
        bigEndian = parts[0] == ">"
    }

    /// The given number of elements, which must exist.
    func tensor(
        _ bytes: [UInt8], from start: Int, count: Int, shape: [Int], path: String
    ) throws(FileError) -> Tensor {
        func decoded<Word: FixedWidthInteger>(as: Word.Type) -> [Word] {
            words(bytes, from: start, count: count, bigEndian: bigEndian)
        }
        func integers<Word: FixedWidthInteger>(as: Word.Type) throws(FileError) -> Tensor {
            let numbers = decoded(as: Word.self)
            if let index = numbers.firstIndex(where: { Int32(exactly: $0) == nil }) {
                throw FileError(
                    path: path, expected: "numbers of at most 32 bits",
                    found: "\(numbers[index]) at index \(index)")
            }
            return Tensor(numbers.map { Int32(truncatingIfNeeded: $0) }, shape: shape)
        }
        switch (kind, size) {
        case (.float, 2):
            let patterns = decoded(as: UInt16.self)
            return Tensor(.float16, shape: shape) { target in
                patterns.withUnsafeBytes { target.copyMemory(from: $0) }
            }
        case (.float, 4):
            return Tensor(decoded(as: UInt32.self).map(Float.init(bitPattern:)), shape: shape)
        case (.float, _):
            return Tensor(decoded(as: UInt64.self).map(Double.init(bitPattern:)), shape: shape)
        case (.signed, 1): return Tensor(decoded(as: Int8.self).map(Int32.init), shape: shape)
        case (.signed, 2): return Tensor(decoded(as: Int16.self).map(Int32.init), shape: shape)
        case (.signed, 4): return Tensor(decoded(as: Int32.self), shape: shape)
        case (.signed, _): return try integers(as: Int64.self)
        case (.unsigned, 1): return Tensor([UInt8](bytes[start...]), shape: shape)
        case (.unsigned, 2): return Tensor(decoded(as: UInt16.self).map(Int32.init), shape: shape)
        case (.unsigned, 4): return try integers(as: UInt32.self)
        case (.unsigned, _): return try integers(as: UInt64.self)
        case (.truth, _):
            if let index = bytes[start...].firstIndex(where: { $0 > 1 }) {
                throw FileError(
                    path: path, expected: "0 or 1 for a truth value",
                    found: "\(bytes[index]) at index \(index - start)")
            }
            return Tensor(bytes[start...].map { $0 == 1 }, shape: shape)
        }
    }
}

/// The dictionary at the start of an NPY file.
private struct NPYHeader {
    private(set) var elementType = ""
    private(set) var isFortranOrder = false
    private(set) var shape: [Int] = []

    init(_ text: String, path: String) throws(FileError) {
        var rest = text[...]
        guard read(&rest) else {
            throw FileError(
                path: path,
                expected: "a header with 'descr' (one type), 'fortran_order' and 'shape'",
                found: text.quoted)
        }
    }

    private mutating func read(_ rest: inout Substring) -> Bool {
        var missing: Set<Substring> = ["descr", "fortran_order", "shape"]
        guard rest.accept("{") else { return false }
        while !rest.accept("}") {
            guard let key = rest.quotation(), missing.remove(key) != nil, rest.accept(":") else {
                return false
            }
            switch key {
            case "descr":
                guard let type = rest.quotation() else { return false }
                elementType = String(type)
            case "fortran_order":
                isFortranOrder = rest.accept("True")
                guard isFortranOrder || rest.accept("False") else { return false }
            default:
                guard let sizes = rest.tuple() else { return false }
                shape = sizes
            }
            guard rest.accept(",") || rest.first == "}" else { return false }
        }
        return missing.isEmpty && rest.allSatisfy { $0 == " " || $0 == "\n" }
    }
}

extension Substring {
    /// Removes the token and the blanks before it, if it comes next.
    fileprivate mutating func accept(_ token: String) -> Bool {
        self = drop { $0 == " " }
        guard hasPrefix(token) else { return false }
        removeFirst(token.count)
        self = drop { $0 == " " }
        return true
    }

    fileprivate mutating func quotation() -> Substring? {
        let mark = first == "\"" ? "\"" : "'"
        guard accept(mark), let end = firstIndex(of: Character(mark)) else { return nil }
        defer { self = self[index(after: end)...] }
        return self[..<end]
    }

    /// Numbers in parentheses, with a comma after each except perhaps the last.
    fileprivate mutating func tuple() -> [Int]? {
        guard accept("(") else { return nil }
        var numbers: [Int] = []
        while !accept(")") {
            let digits = prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits) else { return nil }
            numbers.append(number)
            removeFirst(digits.count)
            guard accept(",") || first == ")" else { return nil }
        }
        return numbers
    }
}
