import Autograd

/// Questions that a table of workloads does not answer.
enum Study: String {
    case fusion, growth, overhead, memory

    func run(_ arguments: Arguments) throws {
        switch self {
        case .fusion: FusionStudy.run()
        case .growth: GrowthStudy.run()
        case .overhead: OverheadStudy.run()
        case .memory: try MemoryStudy.run(arguments)
        }
    }
}

/// The shortest times, in seconds, of pieces of work that take turns. On one thread it is
/// processor time, so that what else runs on the machine hardly counts.
func shortestTimes(turns: Int = 200, _ work: [() -> Void]) -> [Double] {
    let time = Threads.count == 1 ? threadTime : now
    var shortest = [Double](repeating: .infinity, count: work.count)
    for _ in 0..<turns {
        for (index, body) in work.enumerated() {
            let start = time()
            body()
            shortest[index] = min(shortest[index], time() - start)
        }
    }
    return shortest
}
