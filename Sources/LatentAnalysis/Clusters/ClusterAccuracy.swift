import Autograd

/// The class of each cluster, one of its own, so that it is that of as many of these samples as possible
/// (Xie, Girshick and Farhadi, "Unsupervised Deep Embedding for Clustering Analysis", arXiv:1511.06335,
/// equation 10). Where there are more clusters than classes, some have the numbers after those of classes.
///
/// Traps unless there are as many clusters as classes of samples.
///
/// - Parameters:
///   - clusters: of each sample, from 0.
///   - classes: of each sample, from 0.
public func classesOfClusters(_ clusters: [Int], classes: [Int]) -> [Int] {
    guard clusters.count == classes.count, !classes.isEmpty,
        (clusters + classes).allSatisfy({ $0 >= 0 })
    else {
        programmerError(
            "classesOfClusters", "\(clusters.count) clusters of \(classes.count) samples")
    }
    let count = max(clusters.max() ?? 0, classes.max() ?? 0) + 1
    var together = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    for (cluster, kind) in zip(clusters, classes) { together[cluster][kind] += 1 }
    return assignment(costs: together.map { row in row.map { -Double($0) } })
}

/// The share of samples whose cluster has their class (``classesOfClusters(_:classes:)``).
public func clusterAccuracy(of clusters: [Int], classes: [Int]) -> Double {
    let told = classesOfClusters(clusters, classes: classes)
    let right = zip(clusters, classes).count { told[$0] == $1 }
    return Double(right) / Double(classes.count)
}

/// The column of each row, each of its own, so that the sum of the costs is least: the Hungarian method
/// with potentials, by shortest augmenting paths (Kuhn, 1955; Jonker and Volgenant, 1987).
///
/// - Parameter costs: a square of finite numbers.
func assignment(costs: [[Double]]) -> [Int] {
    let count = costs.count
    // Place 0 stands for none.
    var (rowPotential, columnPotential) = (
        [Double](repeating: 0, count: count + 1), [Double](repeating: 0, count: count + 1)
    )
    var rowOfColumn = [Int](repeating: 0, count: count + 1)
    for row in 1...max(count, 1) where row <= count {
        var least = [Double](repeating: .infinity, count: count + 1)
        var before = [Int](repeating: 0, count: count + 1)
        var isDone = [Bool](repeating: false, count: count + 1)
        rowOfColumn[0] = row
        var column = 0
        repeat {
            isDone[column] = true
            let current = rowOfColumn[column]
            var (gap, next) = (Double.infinity, 0)
            for other in 1...count where !isDone[other] {
                let reduced =
                    costs[current - 1][other - 1] - rowPotential[current] - columnPotential[other]
                if reduced < least[other] { (least[other], before[other]) = (reduced, column) }
                if least[other] < gap { (gap, next) = (least[other], other) }
            }
            for other in 0...count {
                if isDone[other] {
                    rowPotential[rowOfColumn[other]] += gap
                    columnPotential[other] -= gap
                } else {
                    least[other] -= gap
                }
            }
            column = next
        } while rowOfColumn[column] != 0
        while column != 0 {
            rowOfColumn[column] = rowOfColumn[before[column]]
            column = before[column]
        }
    }
    var columns = [Int](repeating: 0, count: count)
    for column in 1...max(count, 1) where column <= count {
        columns[rowOfColumn[column] - 1] = column - 1
    }
    return columns
}
