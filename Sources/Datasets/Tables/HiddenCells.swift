import Autograd

extension TableSchema {
    /// The table with a share of its cells made missing, to see what a model predicts for them;
    /// label and ignored columns are kept.
    public func hiding(_ share: Double, of table: CSV.Table, seed: UInt64) -> CSV.Table {
        let kept = Set(
            columns.filter { $0.kind == .label || $0.kind == .ignored }.map(\.name))
        return table.hiding(share, keeping: kept, missing: missing.first ?? "", seed: seed)
    }
}

extension TableEncoding {
    /// The same for a schema that was fitted.
    public func hiding(_ share: Double, of table: CSV.Table, seed: UInt64) -> CSV.Table {
        let kept = Set(columns.filter { !$0.isInput }.map(\.name))
        let text = missing.contains("") ? "" : missing.min() ?? ""
        return table.hiding(share, keeping: kept, missing: text, seed: seed)
    }
}

extension CSV.Table {
    fileprivate func hiding(
        _ share: Double, keeping kept: Set<String>, missing: String, seed: UInt64
    ) -> CSV.Table {
        var generator = RandomGenerator(seed: seed)
        let chance = generator.uniform([rowCount, header.count], dataType: .float64)
        let isKept = header.map(kept.contains)
        return chance.withUnsafeElements(as: Double.self) { chance in
            replacingCells { row, column in
                !isKept[column] && chance[row * isKept.count + column] < share ? missing : nil
            }
        }
    }
}
