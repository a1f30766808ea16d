import FileSupport

/// Which bits of the coefficients the scans of a progressive image have brought so far. Each scan
/// must bring new ones: so their number, and the time they take, is bounded.
struct JPEGProgress {
    /// How many low bits of each coefficient are still left out, for each component; nil where no
    /// scan had the coefficient.
    private var leftOut: [[Int?]]

    init(componentCount: Int) {
        leftOut = [[Int?]](
            repeating: [Int?](repeating: nil, count: 64), count: componentCount)
    }

    mutating func add(_ scan: JPEGScan) throws(FileError) {
        let (first, last) = scan.band
        let isOfAverages = first == 0 && last == 0
        guard first <= last, last < 64, isOfAverages || (first > 0 && scan.parts.count == 1) else {
            throw FileError(
                path: scan.path,
                expected: "a scan of averages, or of other coefficients of one component",
                found: "coefficients \(first) to \(last) of \(scan.parts.count) components")
        }
        let (before, now) = scan.leftOut
        guard now <= 13, before == 0 || before == now + 1 else {
            throw FileError(
                path: scan.path, expected: "a scan of one bit more",
                found: "one with \(now) bits left out after \(before)")
        }
        for part in scan.parts {
            for place in first...last {
                guard leftOut[part.index][place] == (before == 0 ? nil : before) else {
                    throw FileError(
                        path: scan.path,
                        expected: "scans that have each bit of coefficient \(place) once",
                        found: "one with \(now) bits left out after "
                            + (leftOut[part.index][place].map { "one with \($0)" } ?? "none"))
                }
                leftOut[part.index][place] = now
            }
        }
    }
}
