/// The candidate that a mistyped name most likely stands for, or nil if none resembles it. Case
/// does not matter; of equally close candidates the first wins.
///
/// A candidate resembles a name if one is a prefix of the other (at least three letters), or if less
/// than half of the longer one has to be changed.
package func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
    let name = name.lowercased()
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let lowercased = candidate.lowercased()
        let shorter = min(name.count, lowercased.count)
        let isPrefix =
            shorter >= 3 && (lowercased.hasPrefix(name) || name.hasPrefix(lowercased))
        // A prefix counts as a single slip, however much is missing.
        let distance = min(editDistance(name, lowercased), isPrefix ? 1 : .max)
        guard isPrefix || 2 * distance < max(name.count, lowercased.count) else { continue }
        if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.candidate
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn one word
/// into another, with no letter edited twice (the optimal string alignment distance).
package func editDistance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first), Array(second))
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in 0..<first.count {
        var current = [row + 1]
        for column in 0..<second.count {
            let replaced = last[column] + (first[row] == second[column] ? 0 : 1)
            var least = min(replaced, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, first[row] == second[column - 1],
                first[row - 1] == second[column]
            {
                least = min(least, beforeLast[column - 1] + 1)
            }
            current.append(least)
        }
        (beforeLast, last) = (last, current)
    }
    return last[second.count]
}
