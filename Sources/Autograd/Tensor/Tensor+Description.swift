import Foundation
import KernelInterface

extension Tensor: CustomStringConvertible {
    /// Shape, type and elements; if there are many, the first and last along each axis.
    public var description: String {
        "Tensor(\(shape), \(dataType)) " + TensorPrinter(self).text()
    }
}

/// Prints nested brackets with aligned columns.
private struct TensorPrinter {
    private let tensor: Tensor
    private let strides: [Int]
    private let edge: Int
    private let mostOnALine = 75

    init(_ tensor: Tensor) {
        self.tensor = tensor
        strides = Shape.strides(tensor.shape)
        // Sizes of 0 count as 1: there can be many brackets around nothing, too.
        let extent = Shape.count(tensor.shape.map { max($0, 1) })
        edge = extent > 1000 ? 3 : Int.max / 2
    }

    func text() -> String {
        var cells: [Int: String] = [:]
        collect(axis: 0, offset: 0, into: &cells)
        let width = cells.values.map(\.count).max() ?? 0
        return text(axis: 0, offset: 0, indent: 1, cells: cells, width: width)
    }

    /// The positions shown along an axis; nil stands for those omitted.
    private func positions(_ axis: Int) -> [Int?] {
        let size = tensor.shape[axis]
        guard size > 2 * edge else { return (0..<size).map { $0 } }
        return (0..<edge).map { $0 } + [nil] + (size - edge..<size).map { $0 }
    }

    private func collect(axis: Int, offset: Int, into cells: inout [Int: String]) {
        guard axis < tensor.rank else {
            cells[offset] = element(offset)
            return
        }
        for case let position? in positions(axis) {
            collect(axis: axis + 1, offset: offset + position * strides[axis], into: &cells)
        }
    }

    private func element(_ offset: Int) -> String {
        let storage = tensor.storage
        switch tensor.dataType {
        case .float32: return shortened(storage.typed(Float.self)[offset])
        case .float64: return shortened(storage.typed(Double.self)[offset])
        case .int32: return "\(storage.typed(Int32.self)[offset])"
        case .uint8: return "\(storage.typed(UInt8.self)[offset])"
        case .bool: return storage.typed(Bool.self)[offset] ? "true" : "false"
        case .float16, .bfloat16: return shortened(storage.widenedElement(at: offset))
        }
    }

    /// At most six significant digits.
    private func shortened<Number: BinaryFloatingPoint & CustomStringConvertible>(
        _ value: Number
    ) -> String {
        guard value.isFinite, value != 0 else { return "\(value)" }
        let rounded = Double(String(format: "%.5e", Double(value))) ?? Double(value)
        return "\(rounded)"
    }

    private func text(
        axis: Int, offset: Int, indent: Int, cells: [Int: String], width: Int
    ) -> String {
        guard axis < tensor.rank else {
            let cell = cells[offset] ?? ""
            return String(repeating: " ", count: max(0, width - cell.count)) + cell
        }
        let parts = positions(axis).map { position in
            position.map {
                text(
                    axis: axis + 1, offset: offset + $0 * strides[axis], indent: indent + 1,
                    cells: cells, width: width)
            } ?? "…"
        }
        let isRow = axis == tensor.rank - 1
        let margin = "\n" + String(repeating: " ", count: indent)
        guard isRow else { return "[" + parts.joined(separator: "," + margin) + "]" }
        let perLine = max(1, mostOnALine / (width + 2))
        let lines = stride(from: 0, to: parts.count, by: perLine).map {
            parts[$0..<min(parts.count, $0 + perLine)].joined(separator: ", ")
        }
        return "[" + lines.joined(separator: "," + margin) + "]"
    }
}
