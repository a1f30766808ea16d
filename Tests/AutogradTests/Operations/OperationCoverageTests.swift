import Testing

/// No public operation is without a place in the table, or a reason for having none.
@Suite struct OperationCoverageTests {
    /// What is not differentiable, and why.
    static let excluded: [String: String] = [
        "sign(Tensor)": "has no derivative",
        "floor(Tensor)": "has no derivative",
        "ceil(Tensor)": "has no derivative",
        "unique()": "has no derivative",
        "histogram(parts:, in:)": "has no derivative",
        "searchSorted(Tensor, afterEquals:)": "has no derivative",
        "round(Tensor)": "has no derivative",
        ".==(Tensor, Tensor)": "has no derivative",
        ".!=(Tensor, Tensor)": "has no derivative",
        ".<(Tensor, Tensor)": "has no derivative",
        ".<=(Tensor, Tensor)": "has no derivative",
        ".>(Tensor, Tensor)": "has no derivative",
        ".>=(Tensor, Tensor)": "has no derivative",
        ".==(Tensor, Double)": "has no derivative",
        ".!=(Tensor, Double)": "has no derivative",
        ".<(Tensor, Double)": "has no derivative",
        ".<=(Tensor, Double)": "has no derivative",
        ".>(Tensor, Double)": "has no derivative",
        ".>=(Tensor, Double)": "has no derivative",
        "argmax(axis:)": "has no derivative",
        "argmin(axis:)": "has no derivative",
        "nearestRows(of:, in:)": "has no derivative",
        "sortedIndices(axis:, descending:)": "has no derivative",
        "topIndices(Int, axis:)": "has no derivative",
        "oneHot(Tensor, depth:, dataType:)": "its argument is of int32",
        ".&(Tensor, Tensor)": "its arguments are of bool",
        ".|(Tensor, Tensor)": "its arguments are of bool",
        ".!(Tensor)": "its argument is of bool",
        "any(axes:, keepingAxes:)": "its argument is of bool",
        "all(axes:, keepingAxes:)": "its argument is of bool",
    ]

    @Test func everyOperationIsInTheTable() throws {
        let scan = try OperationScan()
        let known = Set(operationTable.map(\.declaration)).union(Self.excluded.keys)
        let missing = scan.functions.filter { !known.contains($0.key) }
            .map { "\($0.key) of \($0.value)" }.sorted()
        #expect(missing == [], "add a case to the table of operations")
    }

    @Test func whatHasNoDerivativeSaysSo() throws {
        let comments = try OperationScan().comments
        let silent = Self.excluded.keys.filter { declaration in
            Self.excluded[declaration] != "takes no tensor"
                && comments[declaration]?.localizedCaseInsensitiveContains("no derivative") != true
        }
        #expect(silent.sorted() == [])
        // It has one between floating-point types alone.
        #expect(comments["cast(to:)"]?.contains("no derivative") == true)
    }

    @Test func nothingInTheTableHasGone() throws {
        let existing = Set(try OperationScan().functions.keys)
        let gone = Set(operationTable.map(\.declaration)).union(Self.excluded.keys)
            .subtracting(existing)
        #expect(gone.sorted() == [])
        let both = operationTable.map(\.declaration).filter { Self.excluded[$0] != nil }
        #expect(both == [])
    }

    /// Properties that compute tensors would be operations too; these give tensors of bool.
    @Test func noPropertyIsAnOperation() throws {
        let properties = try OperationScan().properties.keys.sorted()
        #expect(properties == ["all", "axisSelection", "ellipsis", "isFinite", "isNaN", "newAxis"])
    }

    /// The scan sees what is there, so that the tests above cannot pass for want of operations.
    @Test func theScanSeesTheSources() throws {
        let scan = try OperationScan()
        #expect(scan.files >= 10)
        #expect(scan.functions.count >= 70)
        let wellKnown = [
            "exp(Tensor)": "Elementwise/Functions.swift",
            "*(Tensor, Tensor)": "Elementwise/Arithmetic.swift",
            "sum(axes:, keepingAxes:)": "Reductions.swift",
            "matmul(Tensor, Tensor, transposingLeft:, transposingRight:)": "Products.swift",
            "subscript(Int)": "Shapes/Slicing.swift",
            "concatenated([Tensor], axis:)": "Shapes/Joining.swift",
        ]
        for (declaration, file) in wellKnown {
            #expect(scan.functions[declaration] == file)
        }
    }

    @Test func theScanReadsDeclarations() {
        let scan = OperationScan(
            source: """
                /// public func commented(_ x: Tensor) -> Tensor
                public func first(_ x: Tensor, axis: Int = -1) -> Tensor { x }
                public   func second<T: P>(
                    _ pairs: [(before: Int, after: Int)], with body: (Int, Int) -> Int,
                    _ y: Tensor? = nil
                ) -> Tensor {}
                extension Tensor {
                    public static func .< (a: Tensor, b: Double) -> Tensor {}
                    public static prefix func - (x: Tensor) -> Tensor {}
                    public static func += (a: inout Tensor, b: Tensor) {}
                    @inlinable public mutating func third() {}
                    /// Of the first axis,
                    /// without that axis.
                    public subscript(_ index: Int) -> Tensor { self }
                    public subscript(row row: Int) -> Tensor { self }
                    public init(_ x: Tensor, size: Int) {}
                    public var property: Tensor { self }
                    func hidden(_ x: Tensor) {}
                    public struct Other { func alsoHidden() {} }
                }
                """)
        #expect(
            Set(scan.functions.keys) == [
                "first(Tensor, axis:)",
                "second([(before: Int, after: Int)], with:, Tensor?)",
                ".<(Tensor, Double)", "-(Tensor)", "+=(Tensor, Tensor)", "third()",
                "subscript(Int)", "subscript(row:)", "init(Tensor, size:)",
            ])
        #expect(Set(scan.properties.keys) == ["property"])
        #expect(scan.comments["subscript(Int)"] == "Of the first axis, without that axis.")
        #expect(scan.comments["third()"] == "")
    }

    /// `public extension` would make operations public that the scan does not see.
    @Test func extensionsAreNotPublic() throws {
        #expect(OperationScan(source: "public extension Tensor {}").publicExtensions == 1)
        #expect(try OperationScan().publicExtensions == 0)
    }
}
