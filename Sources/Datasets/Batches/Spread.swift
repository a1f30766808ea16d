/// At most `count` evenly spaced positions below `total`.
package func spread(_ count: Int, over total: Int) -> [Int] {
    let count = min(count, total)
    return (0..<count).map { $0 * total / count }
}
